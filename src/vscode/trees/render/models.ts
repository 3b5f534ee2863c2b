import { commandIds } from '../../command-ids';
import { ago, moment } from '../format';
import { type Fact, tooltip } from '../markdown';
import { metricText } from '../metric';
import type { NodeOf } from '../node';
import { type Icon, icons, item, type RenderedItem, type Scene } from './item';

/** `delay-ord · v7 · 1 waiting`. */
export function model(node: NodeOf<'model'>, { l10n }: Scene): RenderedItem {
  const { latest, pending, problem } = node;
  return item({
    label: node.model,
    icon: problem === null ? { id: 'package' } : icons.warning,
    description: [
      problem === null && (latest === null ? l10n.t('no version yet') : l10n.t('v{0}', latest)),
      pending > 0 && l10n.t('{0} waiting', pending),
      problem !== null && l10n.t('cannot be read'),
    ],
    tooltip: tooltip(
      node.model,
      [
        [l10n.t('Package group'), node.packageGroup],
        [l10n.t('Newest version'), latest],
        [l10n.t('Waiting for approval'), pending || null],
      ],
      problem === null ? [] : [problem],
    ),
    can: ['retrainable', 'comparable', 'lineage', 'hasArn', 'hasName', 'refreshable'],
    collapsible: 'collapsed',
  });
}

/** `v7 · rmse 31.2 · serves in qa, production · 3 h ago`. */
export function version(node: NodeOf<'version'>, { l10n, now }: Scene): RenderedItem {
  const { summary, version: full, metric, servesIn } = node;
  const label = l10n.t('v{0}', summary.version);
  const isReady = summary.status === 'Completed';
  const testing = full?.testing ?? false;
  const approval = approvalOf(node, l10n);
  return item({
    label,
    icon: approval.icon,
    state: approval.text,
    description: [
      testing && l10n.t('testing'),
      !isReady && summary.status,
      metric && metricText(metric.name, metric.value),
      servesIn.length > 0 && l10n.t('serves in {0}', servesIn.join(', ')),
      ago(l10n, summary.createdAt, now),
    ],
    tooltip: tooltip(`${node.model} ${label}`, facts(node, approval.text, l10n), [
      ...(full?.gatesPassed === false ? [l10n.t('It failed a gate.')] : []),
      ...(node.unread.length
        ? [l10n.t('Not known whether it serves in {0}: not readable now.', node.unread.join(', '))]
        : []),
    ]),
    can: [
      summary.approval !== 'Approved' && !testing && isReady && 'approvable',
      summary.approval !== 'Rejected' && 'rejectable',
      full?.evaluationUri !== null && 'comparable',
      'hasArn',
      'hasName',
    ],
    command:
      full?.evaluationUri === null
        ? null
        : { title: l10n.t('Compare'), command: commandIds.compare, arguments: [node] },
  });
}

function approvalOf(
  { summary, version: full }: NodeOf<'version'>,
  l10n: Scene['l10n'],
): { icon: Icon; text: string } {
  if (summary.status === 'Failed') return { icon: icons.bad, text: l10n.t('failed') };
  if (summary.approval === 'Approved') return { icon: icons.good, text: l10n.t('approved') };
  if (summary.approval === 'Rejected')
    return { icon: { id: 'circle-slash', color: 'testing.iconFailed' }, text: l10n.t('rejected') };
  return { icon: full?.testing ? { id: 'beaker' } : icons.waiting, text: l10n.t('waits for approval') };
}

function facts(
  { version: full, summary, servesIn }: NodeOf<'version'>,
  approval: string,
  l10n: Scene['l10n'],
): Fact[] {
  return [
    [l10n.t('Approval'), approval],
    [l10n.t('By'), full?.approvedBy],
    [l10n.t('Comment'), full?.comment],
    [l10n.t('Serves in'), servesIn.join(', ')],
    [l10n.t('Registered'), moment(summary.createdAt)],
    ...Object.entries(full?.metrics ?? {})
      .slice(0, 8)
      .map(([name, value]): Fact => [name, Number(value.toPrecision(6))]),
    [l10n.t('Tuning job'), full?.tuningJob],
    [l10n.t('Image'), full?.imageVersion],
    [l10n.t('Commit'), full?.commit?.slice(0, 12)],
  ];
}
