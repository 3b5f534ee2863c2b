import { commandIds } from '../../command-ids';
import { ago, moment } from '../format';
import { type Fact, tooltip } from '../markdown';
import { certaintyText, deltaText, metricText, verdict } from '../metric';
import type { NodeOf } from '../node';
import { icons, item, type RenderedItem, type Scene } from './item';

/** `delay-ord v7 · rmse 31.2, better by 0.42 (1.3 %) · gate failed · 3 h ago`. */
export function pendingVersion(node: NodeOf<'pendingVersion'>, { l10n, now }: Scene): RenderedItem {
  const { version, review, model } = node;
  const failed = review.gates.filter((gate) => !gate.passed);
  const hasFailed = failed.length > 0 || version.gatesPassed === false;
  const isReady = version.status === 'Completed';
  const label = l10n.t('{0} v{1}', model, version.version);
  const gate = failed.length > 1 ? l10n.t('{0} gates failed', failed.length) : l10n.t('gate failed');
  const icon = version.testing ? { id: 'beaker' } : hasFailed ? icons.warning : icons.waiting;
  return item({
    label,
    icon,
    state: l10n.t('waits for approval'),
    description: [
      version.testing && l10n.t('testing'),
      !isReady && version.status,
      reviewText(node, l10n),
      hasFailed && gate,
      ago(l10n, version.createdAt, now),
    ],
    tooltip: tooltip(label, facts(node, l10n), [
      ...failed.map(({ reason }) => l10n.t('Gate failed: {0}', reason)),
      ...certaintyText(l10n, review.champion?.certainty),
      ...review.warnings,
      ...(review.note ? [l10n.t('No champion: {0}.', review.note)] : []),
      ...(hasFailed ? [l10n.t('Approving it needs a reason.')] : []),
    ]),
    can: [
      !version.testing && isReady && 'approvable',
      'rejectable',
      version.evaluationUri !== null && 'comparable',
      'hasArn',
      'hasName',
      'refreshable',
    ],
    collapsible: failed.length > 0 ? 'collapsed' : 'none',
    command:
      version.evaluationUri === null
        ? null
        : { title: l10n.t('Compare'), command: commandIds.compare, arguments: [node] },
  });
}

const signs = { 1: '▲', 0: '=', '-1': '▼' };

function reviewText({ review }: NodeOf<'pendingVersion'>, l10n: Scene['l10n']): string | null {
  const { metric, value, champion } = review;
  if (metric === null || value === null) return null;
  const own = metricText(metric, value);
  if (champion?.value === null || champion?.value === undefined) return own;
  const way = verdict(metric, value, champion.value);
  const arrow = way !== 0 && champion.certainty !== 'certain' ? '≈' : signs[way];
  return `${own} ${arrow} ${deltaText(l10n, metric, value, champion.value)}`;
}

function facts({ version, review, servedVersion }: NodeOf<'pendingVersion'>, l10n: Scene['l10n']): Fact[] {
  const { champion } = review;
  const against = champion && [
    ...(servedVersion === null ? [] : [l10n.t('version {0}', servedVersion)]),
    ...(champion.environment === null ? [] : [l10n.t('in {0}', champion.environment)]),
  ];
  return [
    [l10n.t('Package group'), version.group],
    [l10n.t('Registered'), moment(version.createdAt)],
    [l10n.t('Champion'), against?.join(' ')],
    ...Object.entries(version.metrics)
      .slice(0, 8)
      .map(([name, value]): Fact => [name, Number(value.toPrecision(6))]),
    [l10n.t('Tuning job'), version.tuningJob],
    [l10n.t('Image'), version.imageVersion],
    [l10n.t('Commit'), version.commit?.slice(0, 12)],
  ];
}

export function gate(node: NodeOf<'gate'>, { l10n }: Scene): RenderedItem {
  return item({
    label: node.metric,
    icon: node.passed ? icons.good : icons.warning,
    state: node.passed ? l10n.t('gate passed') : l10n.t('gate failed'),
    description: [node.reason],
    tooltip: tooltip(node.passed ? l10n.t('Gate passed') : l10n.t('Gate failed'), [], [node.reason]),
  });
}
