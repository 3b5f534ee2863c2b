import { render } from 'preact';
import { App } from './app';
import { Boundary } from './boundary';
import { connectHost } from './host';
import { t } from './l10n';
import './styles/comparison.css';

const root = document.createElement('main');
(document.getElementById('app') ?? document.body).append(root);
render(
  <Boundary what={t('The comparison')}>
    <App host={connectHost()} />
  </Boundary>,
  root,
);
