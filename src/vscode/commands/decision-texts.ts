import { mainMetric } from '../../evaluation/headline';
import type { Evaluation } from '../../evaluation/report';
import type { Project } from '../../project/project';
import type { Version } from '../../registry/versions';
import type { L10n } from '../trees/l10n';
import { certaintyOf, certaintyText, deltaText, metricText } from '../trees/metric';

/** What a person decides over: the version, and its evaluation where there is one. */
export interface DecisionFacts {
  project: Project;
  version: Version;
  evaluation: Evaluation | null;
}

export type Decision = 'Approved' | 'Rejected';

/** The question of the modal. Pure. */
export function decisionQuestion(l10n: L10n, decision: Decision, { version, group }: Version): string {
  return decision === 'Approved'
    ? l10n.t('Approve version {0} of {1}?', version, group)
    : l10n.t('Reject version {0} of {1}?', version, group);
}

/** What became of it, and what that means. Pure. */
export function decidedText(l10n: L10n, { version, group, approval }: Version): string {
  return approval === 'Approved'
    ? l10n.t('Version {0} of {1} is approved. It serves with the next release.', version, group)
    : l10n.t('Version {0} of {1} is rejected. Where it serves, the next release goes back.', version, group);
}

/** What the modal says below its question: account, metric, gates, warnings, and where it would serve. Pure. */
export function decisionDetail(l10n: L10n, decision: Decision, facts: DecisionFacts): string {
  const { project, version, evaluation } = facts;
  const { name, accountId } = project.registry;
  return [
    l10n.t('Registry: {0}, account {1}', name, accountId),
    ...(evaluation
      ? metricLines(l10n, project, version, evaluation)
      : [l10n.t('It has no evaluation that can be read.')]),
    ...(evaluation?.championNote ? [evaluation.championNote] : []),
    ...gateLines(l10n, evaluation, version),
    ...(evaluation?.warnings ?? []).map((warning) => `⚠ ${warning}`),
    '',
    ...(decision === 'Approved' ? servesIn(l10n, project, version) : rejects(l10n)),
  ].join('\n');
}

/** `rmse 12.3: better by 0.4 (3 %) than version 2 in production`. */
function metricLines(l10n: L10n, project: Project, { group }: Version, evaluation: Evaluation): string[] {
  const { candidate, champion, championEnvironment } = evaluation;
  const { metrics } = candidate.scorecard;
  const model = project.models.find(({ packageGroup }) => packageGroup === group);
  const name = mainMetric(model, metrics);
  const value = name === null ? undefined : metrics[name];
  if (name === null || value === undefined) return [];
  const before = champion?.scorecard.metrics[name];
  if (before === undefined) return [metricText(name, value)];
  return [
    l10n.t(
      '{0}: {1} than version {2} in {3}',
      metricText(name, value),
      deltaText(l10n, name, value, before),
      champion?.version ?? '?',
      championEnvironment ?? '?',
    ),
    ...certaintyText(l10n, certaintyOf(evaluation, name)),
  ];
}

function gateLines(l10n: L10n, evaluation: Evaluation | null, { gatesPassed }: Version): string[] {
  if (!evaluation) return gatesPassed === false ? [l10n.t('A gate failed.')] : [];
  if (evaluation.gates.length === 0) return [l10n.t('The project sets no gates.')];
  return evaluation.gates.map(({ passed, reason }) =>
    passed ? `✓ ${l10n.t('gate passed: {0}', reason)}` : `✗ ${l10n.t('GATE FAILED: {0}', reason)}`,
  );
}

function rejects(l10n: L10n): string[] {
  return [l10n.t('A rejected version is not released. Where it serves already, the next release goes back.')];
}

/** One line for each environment: when an approved version would come to serve there. Pure. */
export function servesIn(l10n: L10n, project: Project, version: Pick<Version, 'group'>): string[] {
  const models = project.models.filter((model) => model.packageGroup === version.group);
  const endpoints = [...new Set(models.map((model) => model.endpoint))];
  if (endpoints.length === 0)
    return [l10n.t('No model of the project uses this group: it would serve nowhere.')];
  return project.environments.flatMap(({ name, accountId, promote }) =>
    endpoints.map((endpoint) =>
      promote.after === undefined
        ? l10n.t('Would serve in {0} ({1}) with the next release of {2}.', name, accountId, endpoint)
        : l10n.t(
            'Would serve in {0} ({1}) with a release of {2} after one to {3}.',
            name,
            accountId,
            endpoint,
            promote.after,
          ),
    ),
  );
}

/** Whether the decision needs a reason. Pure; the registry's rules hold it to that again. */
export function needsReason(decision: Decision, { gatesPassed }: Pick<Version, 'gatesPassed'>): boolean {
  return decision === 'Rejected' || gatesPassed === false;
}
