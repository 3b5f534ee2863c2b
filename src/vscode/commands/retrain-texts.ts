import type { RetrainPreview } from '../../runs/preview';
import type { L10n } from '../trees/l10n';
import { literal } from '../trees/markdown';
import { tableRow } from './markdown';

/** How the runs that are about to start differ from the project file. */
export interface RetrainChoices {
  testing: boolean;
  /** ISO date that the data window ends before; undefined for the project's own end. */
  until: string | undefined;
}

/** What retraining one model would do, on two lines of a quick pick. Pure. */
export function previewLines(
  l10n: L10n,
  preview: RetrainPreview,
): { label: string; description: string; detail: string } {
  const { jobs, instance, window, parents } = preview;
  const [first, ...others] = parents;
  const start =
    first === undefined
      ? l10n.t('cold start')
      : others.length
        ? l10n.t('warm start from {0} and {1} more', first.name, others.length)
        : l10n.t('warm start from {0}', first.name);
  const warnings = warningsOf(l10n, preview);
  return {
    label: preview.model,
    description: `${window.from} … ${window.until} · ${start}`,
    detail: [
      jobs.total === 1
        ? l10n.t('1 job on {0}', instanceText(instance))
        : l10n.t('{0} jobs, {1} at a time, on {2}', jobs.total, jobs.parallel, instanceText(instance)),
      ...(preview.refused.length ? [l10n.t('{0} parents turned down', preview.refused.length)] : []),
      ...warnings,
    ].join(' · '),
  };
}

/** Full sentences for whoever is about to start the run. Pure. */
export function warningsOf(l10n: L10n, { holder, unfinished, pending, testing }: RetrainPreview): string[] {
  const warnings: string[] = [];
  if (holder)
    warnings.push(
      l10n.t('Being retrained already on {0} ({1}): another run is refused.', holder.host, holder.work),
    );
  else if (unfinished)
    warnings.push(
      unfinished.status === 'failed'
        ? l10n.t('Run {0} failed; Resume would go on with it instead.', unfinished.runId)
        : l10n.t('Run {0} is unfinished; Resume would go on with it instead.', unfinished.runId),
    );
  if (pending.length && !testing)
    warnings.push(
      pending.length === 1
        ? l10n.t('Version {0} still waits for approval.', pending[0] ?? 0)
        : l10n.t('{0} versions still wait for approval.', pending.length),
    );
  return warnings;
}

/** What the warning sign is shown for: a run that is sure to be refused. Pure. */
export function isBlocked({ holder }: RetrainPreview): boolean {
  return holder !== null;
}

/** The whole preview as Markdown: window, parents and why, jobs and instances, warnings. Pure. */
export function retrainMarkdown(
  l10n: L10n,
  previews: readonly RetrainPreview[],
  choices: RetrainChoices,
): string {
  const jobs = previews.reduce((sum, preview) => sum + preview.jobs.total, 0);
  return [
    `# ${previews.length === 1 ? l10n.t('Retrain {0}', previews[0]?.model ?? '') : l10n.t('Retrain {0} models', previews.length)}`,
    '',
    l10n.t('Nothing has been started. {0} training jobs in all.', jobs),
    ...(choices.testing
      ? [
          '',
          l10n.t('**Testing**: one training job a model. It is never a parent, never approved for release.'),
        ]
      : []),
    ...previews.flatMap((preview) => ['', ...modelSection(l10n, preview)]),
    '',
  ].join('\n');
}

function modelSection(l10n: L10n, preview: RetrainPreview): string[] {
  const { window, jobs, instance, parents, refused, coldStartReason, notes } = preview;
  const runtime =
    jobs.maxRuntimeSeconds === null
      ? []
      : [tableRow(l10n.t('at most'), l10n.t('{0} min', Math.round(jobs.maxRuntimeSeconds / 60)))];
  return [
    `## ${preview.model}`,
    '',
    ...warningsOf(l10n, preview).map((warning) => `> ⚠ ${literal(warning)}\n`),
    tableRow(l10n.t('what'), l10n.t('will be')),
    '|---|---|',
    tableRow(l10n.t('data'), l10n.t('{0} until before {1}', window.from, window.until)),
    tableRow(
      l10n.t('search'),
      l10n.t('{0}: {1} jobs, {2} at a time', jobs.strategy, jobs.total, jobs.parallel),
    ),
    tableRow(l10n.t('instances'), `${instanceText(instance)}, ${instance.volumeSizeGB} GB`),
    ...runtime,
    tableRow(l10n.t('registers in'), preview.packageGroup),
    '',
    ...(parents.length
      ? [
          `**${l10n.t('Warm start')}** (${preview.warmStart ?? ''})`,
          '',
          ...parents.map(
            (parent) =>
              `- ${literal(parent.name)} ${parent.createdAt.slice(0, 10)}${parent.value === null ? '' : `, ${parent.metric} ${Number(parent.value.toPrecision(6))}`}${parent.approval === null ? '' : `, ${approvalWord(l10n, parent.approval)}`}`,
          ),
        ]
      : [`**${literal(coldStartReason ?? l10n.t('Cold start.'))}**`]),
    ...(refused.length
      ? ['', l10n.t('Parents turned down:'), '', ...refused.map(({ reason }) => `- ${literal(reason)}`)]
      : []),
    ...(notes.length ? ['', ...notes.map((note) => `- ${literal(note)}`)] : []),
  ];
}

function instanceText({ type, count, spot }: RetrainPreview['instance']): string {
  return `${count > 1 ? `${count} × ` : ''}${type}${spot ? ' (spot)' : ''}`;
}

function approvalWord(l10n: L10n, approval: string): string {
  if (approval === 'Approved') return l10n.t('approved');
  if (approval === 'Rejected') return l10n.t('rejected');
  return approval === 'PendingManualApproval' ? l10n.t('waiting for approval') : approval;
}
