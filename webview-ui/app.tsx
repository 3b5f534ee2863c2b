import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { PanelState } from '../src/comparison/panel';
import { ComparisonView } from './comparison';
import type { Host } from './host';
import { setTranslations, t } from './l10n';
import { type Panel, PanelContext } from './panel';
import { Busy, Button } from './toolkit';
import { restoreView, type View } from './view';

/** Holds what the host pushed last and how the person wants to see it. */
export function App({ host }: { host: Host }) {
  const [state, setState] = useState<PanelState>({ kind: 'loading' });
  const [view, setView] = useState<View>(() => restoreView(host.keptView));

  useEffect(
    () =>
      host.listen((message) => {
        performance.mark('warmstart:received');
        setTranslations(message.translations);
        setState(message.state);
      }),
    [host],
  );
  // At once, not after the picture: the page may be taken down at any moment.
  useLayoutEffect(() => {
    if (state.kind === 'shown') host.keep({ request: state.request, view });
  }, [host, state, view]);
  useEffect(() => {
    if (state.kind !== 'loading') afterPaint(() => performance.mark('warmstart:shown'));
  }, [state]);

  const panel = useMemo<Panel>(
    () => ({
      view,
      change: (part) => setView((now) => ({ ...now, ...part })),
      post: host.post,
      actions: host.live && state.kind === 'shown' && state.actions,
      live: host.live,
      busy: state.kind === 'shown' && state.busy !== null,
      measured: state.kind === 'shown' && state.request.measure === true,
    }),
    [view, host, state],
  );
  return (
    <PanelContext.Provider value={panel}>
      <Screen state={state} host={host} />
    </PanelContext.Provider>
  );
}

function Screen({ state, host }: { state: PanelState; host: Host }) {
  switch (state.kind) {
    case 'loading':
      return <Busy>{t('Reading the evaluations…')}</Busy>;
    case 'problem':
      return <Problem problem={state} host={host} />;
    case 'shown':
      return <ComparisonView state={state} />;
  }
}

function Problem({ problem, host }: { problem: PanelState & { kind: 'problem' }; host: Host }) {
  return (
    <div class="problem" role="alert">
      <h1>{t('The comparison cannot be shown')}</h1>
      <p>
        <bdi>{problem.message}</bdi>
      </p>
      {problem.remedy && (
        <p>
          <bdi>{problem.remedy}</bdi>
        </p>
      )}
      <p class="aside">
        <code>{problem.code}</code>
      </p>
      {host.live && (
        <Button primary onClick={() => host.post({ type: 'reload' })}>
          {t('Try Again')}
        </Button>
      )}
    </div>
  );
}

function afterPaint(work: () => void): void {
  requestAnimationFrame(() => setTimeout(work));
}
