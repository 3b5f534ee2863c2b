import { show } from '../../../evaluation/words';
import { ago, duration, moment } from '../format';
import { tooltip } from '../markdown';
import { metricText } from '../metric';
import type { NodeOf } from '../node';
import { type Icon, icons, item, type RenderedItem, type Scene } from './item';

export function lineageModel(node: NodeOf<'lineageModel'>, { l10n }: Scene): RenderedItem {
  return item({
    label: node.model,
    icon: { id: 'type-hierarchy-sub' },
    tooltip: tooltip(
      node.model,
      [],
      [l10n.t('Tuning jobs, each below the parent that it was warm-started from.')],
    ),
    can: ['retrainable', 'hasName', 'refreshable'],
    collapsible: 'collapsed',
  });
}

/** `delay-ord-20261122… · validation:rmse 31.2 · 10/10 jobs · TransferLearning · v7 · 3 h ago`. */
export function tuningJob({ job, running }: NodeOf<'tuningJob'>, { l10n, now }: Scene): RenderedItem {
  const version = job.packageArn === null ? null : (job.packageArn.split('/').pop() ?? null);
  const isGood = job.status === 'Completed';
  return item({
    label: job.name,
    icon: running ? icons.running : statusIcon(job.status),
    state: running ? l10n.t('running') : undefined,
    description: [
      !isGood && job.status,
      job.value !== null && metricText(job.metric ?? '', job.value).trim(),
      job.jobs && l10n.t('{0}/{1} jobs', job.jobs.done, job.jobs.total),
      job.warmStart ?? (job.createdAt !== undefined && l10n.t('cold start')),
      job.testing && l10n.t('testing'),
      version !== null && l10n.t('v{0}', version),
      job.createdAt !== undefined && ago(l10n, job.createdAt, now),
    ],
    tooltip: tooltip(
      job.name,
      [
        [l10n.t('Status'), job.status],
        [l10n.t('Started'), job.createdAt && moment(job.createdAt)],
        [l10n.t('Best'), job.value === null ? null : metricText(job.metric ?? '', job.value)],
        [l10n.t('Training jobs'), job.jobs && l10n.t('{0} of {1} done', job.jobs.done, job.jobs.total)],
        [l10n.t('Warm start'), job.warmStart ?? l10n.t('none')],
        [l10n.t('Parents'), job.parents.join(', ')],
        [l10n.t('Run'), job.runId],
        [l10n.t('Registered as'), version === null ? null : l10n.t('version {0}', version)],
      ],
      job.parents.length > 1
        ? [l10n.t('It is shown below its newest parent and learnt from all of them.')]
        : [],
    ),
    can: ['hasArn', 'hasName', 'refreshable', 'hasLogs'],
    collapsible: 'collapsed',
  });
}

export function refusedParent(node: NodeOf<'refusedParent'>, { l10n }: Scene): RenderedItem {
  return item({
    label: node.tuningJob,
    icon: icons.stopped,
    state: l10n.t('turned down as a parent'),
    description: [l10n.t('turned down'), node.reason],
    tooltip: tooltip(
      l10n.t('Turned down as a parent'),
      [[l10n.t('Tuning job'), node.tuningJob]],
      [node.reason],
    ),
    can: ['hasArn', 'hasName'],
  });
}

/** `validation:rmse 31.2 · eta 0.2, max_depth 6`. */
export function trainingJob(node: NodeOf<'trainingJob'>, { l10n, now }: Scene): RenderedItem {
  const { job, status, best } = node;
  const isRunning = status === 'InProgress' || status === 'Stopping';
  const tuned = Object.entries(job.hyperparameters).map(([name, value]) => `${name} ${short(value)}`);
  const until = job.endedAt ?? (isRunning ? now.toISOString() : null);
  return item({
    label: node.trainingJob,
    icon: best
      ? { id: 'star-full', color: 'charts.yellow' }
      : isRunning
        ? icons.running
        : status === 'Completed'
          ? { id: 'circle-outline' }
          : statusIcon(status),
    state: best ? l10n.t('the best') : undefined,
    description: [
      node.value !== null && metricText(node.metric ?? '', node.value).trim(),
      status !== 'Completed' && status,
      tuned.slice(0, 3).join(', '),
    ],
    tooltip: tooltip(
      node.trainingJob,
      [
        [l10n.t('Status'), status],
        [node.metric ?? l10n.t('Metric'), node.value],
        [l10n.t('Took'), job.createdAt && until && duration(l10n, job.createdAt, until)],
        ...Object.entries(job.hyperparameters),
      ],
      job.failureReason === null ? [] : [job.failureReason],
    ),
    can: ['hasArn', 'hasName', 'hasLogs'],
  });
}

function statusIcon(status: string): Icon {
  if (status === 'Completed') return icons.good;
  if (status === 'Failed') return icons.bad;
  return status === 'Unknown' ? icons.unknown : icons.stopped;
}

/** SageMaker answers tuned values as text with every digit. */
function short(value: string): string {
  const number = Number(value);
  return value.trim() === '' || Number.isNaN(number) ? value : show(number, 3);
}
