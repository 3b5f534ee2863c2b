import { metricNames, worsening } from '../project/metrics';
import { objectiveOf } from '../project/objectives';
import type { Difference, Evaluation } from './report';
import { comparison, show } from './words';

/** One line of the comparison, ready for a terminal or a Markdown table. */
export interface ComparisonRow {
  metric: string;
  candidate: string;
  /** Empty when nothing serves yet. */
  champion: string;
  /** `better by 0.42 (1.3 %)`; empty when there is nothing to compare with. */
  words: string;
  verdict: 'better' | 'worse' | 'same' | 'unknown';
  /** `−0.5 … −0.3 (95 %)`, of candidate − champion; empty when not known. */
  interval: string;
  /** False when the interval holds 0: the difference may be chance. */
  certain: boolean;
}

/**
 * The metrics of an evaluation side by side. `first` (the project's `evaluation.metrics`, or those of the
 * objective) come first, all others after them in the order of the scorecard.
 */
export function comparisonRows(evaluation: Evaluation, first?: readonly string[]): ComparisonRow[] {
  const { metrics } = evaluation.candidate.scorecard;
  const champion = evaluation.champion?.scorecard.metrics;
  const leading = (first ?? objectiveOf(evaluation.objective).metrics).filter((m) =>
    Object.hasOwn(metrics, m),
  );
  return [...new Set([...leading, ...Object.keys(metrics)])].map((metric) => {
    const value = metrics[metric]!;
    const reference = champion && Object.hasOwn(champion, metric) ? champion[metric] : undefined;
    const difference = evaluation.differences.find((d) => d.metric === metric);
    const readable = reference !== undefined && metricNames.includes(metric);
    return {
      metric,
      candidate: show(value),
      champion: reference === undefined ? '' : show(reference),
      words: readable ? comparison(metric, value, reference) : '',
      verdict: readable ? verdictOf(worsening(metric, value, reference)) : 'unknown',
      interval: difference ? intervalOf(difference) : '',
      certain: difference !== undefined && (difference.low > 0 || difference.high < 0),
    };
  });
}

function verdictOf(worse: number): ComparisonRow['verdict'] {
  if (Number.isNaN(worse)) return 'unknown';
  if (worse === 0) return 'same';
  return worse > 0 ? 'worse' : 'better';
}

function intervalOf({ low, high }: Difference): string {
  return `${show(low, 3)} … ${show(high, 3)} (95 %)`.replaceAll('-', '−');
}

/** The comparison as a Markdown table, for a pull request or a notebook. */
export function comparisonTable(evaluation: Evaluation, first?: readonly string[]): string {
  const rows = comparisonRows(evaluation, first);
  const lines = rows.map((r) => [r.metric, r.candidate, r.champion, r.words, r.interval]);
  const header = ['metric', 'candidate', 'champion', 'candidate is', 'candidate − champion'];
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
