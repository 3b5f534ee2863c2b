import type { Evaluation } from '../../evaluation/report';
import { comparisonTable } from '../../evaluation/text';
import type { Project } from '../../project/project';
import type { Version } from '../../registry/versions';
import type { L10n } from '../trees/l10n';
import { literal } from '../trees/markdown';
import { table } from './markdown';

export interface Compared {
  version: Version;
  /** Null when it has none that can be read; `problem` says why. */
  evaluation: Evaluation | null;
  problem: string | null;
}

/** Candidates against the champions they were measured against, as Markdown: metrics, gates, warnings, drift. Pure. */
export function comparisonMarkdown(l10n: L10n, project: Project, compared: readonly Compared[]): string {
  return compared.map((each) => section(l10n, project, each)).join('\n---\n\n');
}

function section(l10n: L10n, project: Project, { version, evaluation, problem }: Compared): string {
  const title = `# ${literal(`${version.group} / ${version.version}`)}`;
  if (!evaluation) return [title, '', literal(problem ?? l10n.t('It has no evaluation.')), ''].join('\n');
  const { champion, championEnvironment, championNote } = evaluation;
  const model = project.models.find(({ name }) => name === evaluation.model);
  const against = champion
    ? l10n.t('version {0}, which serves in {1}', champion.version ?? '?', championEnvironment ?? '?')
    : (championNote ?? l10n.t('nothing: no version serves yet'));
  return [
    title,
    '',
    table(
      ['', ''],
      [
        [l10n.t('approval'), approvalText(l10n, version)],
        [l10n.t('candidate'), evaluation.candidate.trainingJob],
        [l10n.t('compared with'), against],
        [l10n.t('test rows'), String(evaluation.dataset.test.rows)],
        [l10n.t('run'), evaluation.runId],
        ...(evaluation.testing ? [[l10n.t('testing'), l10n.t('yes: never released')]] : []),
      ],
    ),
    '',
    `## ${l10n.t('Metrics')}`,
    '',
    comparisonTable(evaluation, model?.evaluation.metrics),
    '',
    `## ${l10n.t('Gates')}`,
    '',
    ...(evaluation.gates.length
      ? evaluation.gates.map(
          ({ passed, reason }) =>
            `- ${passed ? '✓' : '✗'} **${passed ? l10n.t('passed') : l10n.t('FAILED')}** ${literal(reason)}`,
        )
      : [l10n.t('The project sets none.')]),
    ...(evaluation.warnings.length
      ? ['', `## ${l10n.t('Warnings')}`, '', ...evaluation.warnings.map((warning) => `- ${literal(warning)}`)]
      : []),
    ...driftSection(l10n, evaluation),
    '',
  ].join('\n');
}

function driftSection(l10n: L10n, { drift }: Evaluation): string[] {
  const drifted = drift.filter(({ level }) => level !== 'none');
  if (drift.length === 0) return [];
  if (drifted.length === 0)
    return ['', l10n.t('No feature of {0} has drifted from the champion’s data.', drift.length)];
  return [
    '',
    `## ${l10n.t('Drift from the champion’s data')}`,
    '',
    table(
      [l10n.t('feature'), l10n.t('stability index'), l10n.t('drift')],
      drifted.map(({ feature, psi, level }) => [
        feature,
        psi.toFixed(3),
        level === 'strong' ? l10n.t('strong') : l10n.t('moderate'),
      ]),
    ),
  ];
}

function approvalText(l10n: L10n, { approval, comment, approvedBy }: Version): string {
  const word =
    approval === 'Approved'
      ? l10n.t('approved')
      : approval === 'Rejected'
        ? l10n.t('rejected')
        : l10n.t('waits for approval');
  return [word, ...(approvedBy === null ? [] : [approvedBy]), ...(comment === null ? [] : [comment])].join(
    ' · ',
  );
}
