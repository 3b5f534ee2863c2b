import type { StepName } from '../../../runs/record';
import { isResumableRun, isStoppableRun, type Standing } from '../../activity/standing';
import { ago, duration, moment } from '../format';
import type { L10n } from '../l10n';
import { tooltip } from '../markdown';
import { metricText } from '../metric';
import type { NodeOf } from '../node';
import { type Icon, icons, item, type RenderedItem, type Scene } from './item';

/** `Retrain delay-ord · tuning 4/10 · 3 min 5 s · on build-7`. */
export function run(node: NodeOf<'run'>, { l10n, now }: Scene): RenderedItem {
  const { run: record, standing, done, total } = node;
  const isLive = standing === 'live';
  const failure = Object.values(record.steps).find((step) => step?.error)?.error;
  const current = Object.entries(record.steps).find(([, step]) => step?.status === 'running')?.[0];
  const version = record.steps.register?.result?.version;
  const until = isLive ? now.toISOString() : record.updatedAt;
  const label = l10n.t('Retrain {0}', record.model);
  const state = standingText(l10n, standing);
  return item({
    label,
    icon: standingIcon(standing),
    state,
    description: [
      record.testing && l10n.t('testing'),
      isLive &&
        current !== undefined &&
        [stepName(l10n, current), counted(done, total)].filter(Boolean).join(' '),
      !isLive && standing !== 'done' && state,
      version !== undefined && l10n.t('v{0}', version),
      duration(l10n, record.startedAt, until),
      !node.here && isLive && l10n.t('on {0}', record.host),
      !isLive && ago(l10n, record.startedAt, now),
    ],
    tooltip: tooltip(
      label,
      [
        [l10n.t('Run'), record.runId],
        [l10n.t('State'), state],
        [l10n.t('Machine'), record.host],
        [l10n.t('Data'), l10n.t('{0} until {1}', record.window.from, record.window.until)],
        [l10n.t('Begun'), moment(record.startedAt)],
        [l10n.t('Last news'), moment(record.updatedAt)],
        [l10n.t('Progress'), node.message],
      ],
      failure
        ? [failure.message, failure.remedy ?? '']
        : standing === 'interrupted'
          ? [l10n.t('Nobody drives it any more; it can be resumed.')]
          : [],
    ),
    can: [
      isResumableRun(standing) && 'resumable',
      isStoppableRun(standing) && 'stoppable',
      isLive && node.here && 'cancellable',
      record.steps.tune !== undefined && 'hasLogs',
      record.steps.register?.result !== undefined && 'comparable',
      'hasName',
    ],
    collapsible: isLive ? 'expanded' : 'collapsed',
  });
}

/** `Tune · 3 min 5 s · best validation:rmse 31.2`. */
export function runStep(
  { run: record, step, message }: NodeOf<'runStep'>,
  { l10n, now }: Scene,
): RenderedItem {
  const own = record.steps[step];
  const status = own?.status ?? 'running';
  const label = stepName(l10n, step);
  const isRunning = status === 'running' && record.status === 'running';
  const took =
    own &&
    duration(l10n, own.startedAt, own.finishedAt ?? (isRunning ? now.toISOString() : record.updatedAt));
  return item({
    label,
    icon: isRunning
      ? icons.running
      : status === 'done'
        ? icons.good
        : status === 'failed'
          ? icons.bad
          : icons.stopped,
    state: isRunning ? l10n.t('running') : status === 'done' ? l10n.t('done') : l10n.t('failed'),
    description: [took ?? null, message ?? own?.error?.message ?? outcome(l10n, record, step)],
    tooltip: tooltip(
      label,
      [
        [l10n.t('Begun'), own && moment(own.startedAt)],
        [l10n.t('Took'), took],
      ],
      [own?.error?.message ?? '', own?.error?.remedy ?? '', message ?? outcome(l10n, record, step) ?? ''],
    ),
    can: [step === 'tune' && own?.result !== undefined && 'hasLogs'],
  });
}

/** What a finished step brought, in a clause. */
function outcome(l10n: L10n, { steps }: NodeOf<'run'>['run'], step: StepName): string | null {
  const { export: exported, tune, evaluate, register } = steps;
  if (step === 'export' && exported?.result) {
    const { train, validation, test } = exported.result.rows;
    return l10n.t('{0} rows', train + validation + test);
  }
  if (step === 'tune' && tune?.result) {
    const { best, parents, coldStartReason, parentWins } = tune.result;
    if (parentWins) return l10n.t('{0} of a parent is still the best', parentWins.trainingJob);
    const start = parents.length ? l10n.t('warm start from {0}', parents.join(', ')) : coldStartReason;
    return best ? [metricText(best.metric, best.value), start].filter(Boolean).join(' · ') : start;
  }
  if (step === 'evaluate' && evaluate?.result)
    return evaluate.result.gatesPassed ? l10n.t('gates passed') : l10n.t('a gate failed');
  if (step === 'register' && register?.result) return l10n.t('version {0}', register.result.version);
  return null;
}

export function activity(node: NodeOf<'activity'>, { l10n, now }: Scene): RenderedItem {
  const isRunning = node.status === 'running';
  const states = {
    running: l10n.t('running'),
    done: l10n.t('done'),
    failed: l10n.t('failed'),
    cancelled: l10n.t('cancelled'),
  };
  const look: Record<typeof node.status, Icon> = {
    running: icons.running,
    done: icons.good,
    failed: icons.bad,
    cancelled: icons.stopped,
  };
  const took = duration(l10n, node.startedAt, node.finishedAt ?? now.toISOString());
  const { error } = node.entry;
  return item({
    label: node.title,
    icon: look[node.status],
    state: states[node.status],
    description: [node.status === 'cancelled' ? states.cancelled : node.message, took],
    tooltip: tooltip(
      node.title,
      [
        [l10n.t('State'), states[node.status]],
        [l10n.t('Begun'), moment(node.startedAt)],
        [l10n.t('Took'), took],
      ],
      error ? [error.message, error.remedy ?? ''] : [node.message],
    ),
    can: [isRunning && 'cancellable'],
    collapsible: node.entry.steps.length === 0 ? 'none' : isRunning ? 'expanded' : 'collapsed',
  });
}

export function activityStep({ step, running }: NodeOf<'activityStep'>, { l10n, now }: Scene): RenderedItem {
  const took = duration(l10n, step.startedAt, step.finishedAt ?? now.toISOString());
  const label = stepName(l10n, step.name);
  return item({
    label,
    icon: running ? icons.running : { id: 'circle-small-filled' },
    state: running ? l10n.t('running') : undefined,
    description: [took, counted(step.done, step.total), step.message],
    tooltip: tooltip(label, [[l10n.t('Took'), took]], [step.message]),
  });
}

function counted(done: number | null, total: number | null): string | null {
  if (done === null) return null;
  return total === null ? String(done) : `${done}/${total}`;
}

function standingText(l10n: L10n, standing: Standing): string {
  if (standing === 'live') return l10n.t('running');
  if (standing === 'interrupted') return l10n.t('interrupted');
  if (standing === 'failed') return l10n.t('failed');
  return standing === 'done' ? l10n.t('done') : l10n.t('stopped');
}

function standingIcon(standing: Standing): Icon {
  if (standing === 'live') return icons.running;
  if (standing === 'interrupted') return icons.warning;
  if (standing === 'failed') return icons.bad;
  return standing === 'done' ? icons.good : icons.stopped;
}

/** The steps that people see; others are named as the engine names them. */
function stepName(l10n: L10n, step: string): string {
  const names: Record<string, string> = {
    export: l10n.t('Export'),
    tune: l10n.t('Tune'),
    evaluate: l10n.t('Evaluate'),
    register: l10n.t('Register'),
    record: l10n.t('Record'),
    copy: l10n.t('Copy'),
    update: l10n.t('Update'),
    verify: l10n.t('Verify'),
  };
  return Object.hasOwn(names, step) ? (names[step] ?? step) : step;
}
