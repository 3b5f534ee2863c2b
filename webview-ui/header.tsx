import type { Comparison } from '../src/comparison/comparison';
import type { ExportFormat } from '../src/comparison/panel';
import { Foreign } from './foreign';
import { formatTime } from './format';
import { t } from './l10n';
import { Menu, MenuItem } from './menu';
import { usePanel } from './panel';
import { Button, Select } from './toolkit';

/** What is compared, against what, as of when, and what can be done with the whole of it. */
export function Header({ comparison }: { comparison: Comparison }) {
  const { live } = usePanel();
  const { models, registry, createdAt } = comparison;
  const [only] = models;
  const title = models.length === 1 && only ? only.model : t('{0} models', models.length);
  const facts = models.length === 1 && only ? [only.kind, only.objective, only.group] : [];
  return (
    <header class="top">
      <div>
        <h1>
          <bdi>{title}</bdi>
        </h1>
        <p class="aside">
          {[
            ...facts.filter((fact) => fact !== null),
            `${registry.name}, ${registry.accountId}, ${registry.region}`,
            t('as of {0}', formatTime(createdAt)),
          ].map((fact) => (
            <bdi key={fact} class="fact">
              {fact}
            </bdi>
          ))}
        </p>
        {models.length === 1 && only?.description && (
          <p>
            <Foreign text={only.description} />
          </p>
        )}
      </div>
      {live && <Tools comparison={comparison} />}
    </header>
  );
}

function Tools({ comparison: { environments, baseline } }: { comparison: Comparison }) {
  const { post, busy, actions } = usePanel();
  const choices = [
    { value: '', label: t('as each was evaluated') },
    ...environments.map((environment) => ({ value: environment, label: environment })),
  ];
  const save = (format: ExportFormat, to: 'clipboard' | 'file') => () => post({ type: 'export', format, to });
  return (
    <fieldset class="tools" aria-label={t('Comparison')}>
      <Select
        label={t('Baseline')}
        value={baseline ?? ''}
        choices={choices}
        disabled={!actions}
        waits={busy}
        onChange={(environment) => post({ type: 'baseline', environment: environment || null })}
      />
      <Menu label={t('Export')} text={<>{t('Export')} ▾</>} class="secondary">
        <MenuItem onClick={save('markdown', 'clipboard')}>{t('Copy as Markdown')}</MenuItem>
        <MenuItem onClick={save('markdown', 'file')}>{t('Save as Markdown…')}</MenuItem>
        <MenuItem onClick={save('csv', 'file')}>{t('Save as CSV…')}</MenuItem>
        <MenuItem onClick={save('html', 'file')}>{t('Save as HTML…')}</MenuItem>
      </Menu>
      <Button waits={busy} onClick={() => post({ type: 'reload' })}>
        {t('Reload')}
      </Button>
    </fieldset>
  );
}
