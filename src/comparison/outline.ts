import { show, withUnit } from '../evaluation/words';
import type { Column, Comparison, ModelComparison, QueryDiff, Verdict } from './comparison';
import { changeTable, metricTable, type PlainTable } from './tables';

/** A comparison as text to be read from top to bottom, before it is Markdown or HTML. No text in it is marked up. */
export type Block =
  | { kind: 'heading'; level: 1 | 2; text: string }
  /** `lead` is set off. */
  | { kind: 'paragraph'; lead?: string; text: string }
  | { kind: 'list'; items: string[] }
  | ({ kind: 'table' } & Omit<PlainTable, 'hidden'>)
  | { kind: 'diff'; lines: QueryDiff['lines'] };

export function outlineOf(comparison: Comparison): Block[] {
  return comparison.models.flatMap((model) => modelBlocks(model, comparison));
}

function modelBlocks(model: ModelComparison, { registry, createdAt }: Comparison): Block[] {
  const candidates = model.columns.filter(({ role }) => role === 'candidate');
  return [
    { kind: 'heading', level: 1, text: `Comparison of ${model.model}` },
    {
      kind: 'paragraph',
      text: [
        `Package group ${model.group} in ${registry.name} (${registry.accountId}, ${registry.region})`,
        baselineText(model),
        `${createdAt.slice(0, 16).replace('T', ' ')} UTC`,
      ].join('; '),
    },
    ...listed(model.notes),
    ...candidates.flatMap(candidateBlocks),
    ...metricBlocks(model),
    ...changeBlocks(model),
    ...model.queries.flatMap((query) => queryBlocks(query, model)),
    ...model.drift.flatMap((drift) => driftBlocks(drift, model)),
  ];
}

function baselineText(model: ModelComparison): string {
  const baseline = model.columns.find(({ role }) => role === 'baseline');
  if (!baseline) return 'no baseline';
  return `baseline: version ${baseline.version}${model.environment === null ? '' : ` in ${model.environment}`}`;
}

const verdictWords: Record<Verdict, string> = {
  better: 'Better',
  worse: 'Worse',
  same: 'The same',
  uncertain: 'Not certain',
  unknown: 'Not known',
};

function candidateBlocks(column: Column): Block[] {
  const { decision } = column;
  return [
    { kind: 'heading', level: 2, text: `Version ${column.version}: ${standingOf(column)}` },
    ...(decision
      ? [
          { kind: 'paragraph' as const, lead: verdictWords[decision.verdict], text: decision.sentence },
          ...listed([
            ...decision.gates.map(({ passed, reason }) => `${passed ? '✓ passed' : '✗ FAILED'}: ${reason}`),
            ...decision.warnings.map((warning) => `⚠ ${warning}`),
          ]),
        ]
      : []),
    ...(column.description === null ? [] : [{ kind: 'paragraph' as const, text: cut(column.description) }]),
  ];
}

/** `approved by alice: looked at the residuals`. */
export function standingOf({ approval, approvedBy, comment }: Column): string {
  const word = approval === 'PendingManualApproval' ? 'waits for approval' : approval.toLowerCase();
  const by = approvedBy === null ? '' : ` by ${approvedBy}`;
  return `${word}${by}${comment === null ? '' : `: ${cut(comment)}`}`;
}

/** Enough of a free text to see what it is. */
function cut(text: string): string {
  const most = 500;
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function metricBlocks(model: ModelComparison): Block[] {
  if (model.metrics.length === 0) return [];
  const { hidden, ...table } = metricTable(model);
  return [
    { kind: 'heading', level: 2, text: 'Metrics' },
    ...(table.rows.length > 0 ? [{ kind: 'table' as const, ...table }] : []),
    ...hiddenBlock(hidden, 'metric'),
  ];
}

function changeBlocks(model: ModelComparison): Block[] {
  if (model.changes.length === 0) return [];
  const { hidden, ...table } = changeTable(model);
  return [
    { kind: 'heading', level: 2, text: 'What changed' },
    ...(table.rows.length > 0 ? [{ kind: 'table' as const, ...table }] : []),
    ...hiddenBlock(hidden, 'fact'),
  ];
}

/** `3 more metrics are equal.` */
export function hiddenText(hidden: number, what: string): string {
  return hidden === 1 ? `1 more ${what} is equal.` : `${hidden} more ${what}s are equal.`;
}

function hiddenBlock(hidden: number, what: string): Block[] {
  return hidden === 0 ? [] : [{ kind: 'paragraph', text: hiddenText(hidden, what) }];
}

/** Lines around a change that say where it is. */
const context = 3;
const mostLines = 300;

function queryBlocks({ arn, file, lines }: QueryDiff, model: ModelComparison): Block[] {
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - context), i + context + 1).some(({ kind }) => kind !== 'same'),
  );
  const shown = lines.filter((_, i) => near[i]);
  const more = shown.length - mostLines;
  return [
    { kind: 'heading', level: 2, text: `Query of ${versionName(model, arn)}: ${file}` },
    { kind: 'diff', lines: shown.slice(0, mostLines) },
    ...(more > 0 ? [{ kind: 'paragraph' as const, text: `${more} more lines.` }] : []),
  ];
}

const mostFeatures = 20;

function driftBlocks(
  { arn, features, hidden }: ModelComparison['drift'][number],
  model: ModelComparison,
): Block[] {
  const moved = features.filter(({ level }) => level !== 'none');
  const still = features.length + hidden - moved.length;
  return [
    { kind: 'heading', level: 2, text: `Drift of the data of ${versionName(model, arn)}` },
    ...(moved.length > 0
      ? [
          {
            kind: 'table' as const,
            columns: ['feature', 'PSI', 'drift'],
            numeric: [false, true, false],
            rows: moved
              .slice(0, mostFeatures)
              .map(({ feature, psi, level }) => [feature, show(psi, 3), level]),
          },
        ]
      : []),
    {
      kind: 'paragraph',
      text:
        moved.length > mostFeatures
          ? `${moved.length - mostFeatures} more columns have drifted; ${still} have not.`
          : `${still === 1 ? '1 column has' : `${still} columns have`} not drifted.`,
    },
  ];
}

export function versionName({ columns }: Pick<ModelComparison, 'columns'>, arn: string): string {
  return `version ${columns.find((column) => column.arn === arn)?.version ?? '?'}`;
}

function listed(items: string[]): Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

/** A figure with its unit; a dash where it is not known. */
export function figure(value: number | null, unit: string | null): string {
  return value === null ? '–' : withUnit(show(value), unit);
}
