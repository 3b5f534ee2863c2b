import { show, withUnit } from '../evaluation/words';
import type { Column, DecisionSummary, MetricDifference, MetricRow } from './comparison';
import type { BaselineFacts, ModelFacts, VersionFacts } from './facts';
import { count, nameOf } from './phrases';
import { warningsOf } from './warnings';

/** What a person decides about one candidate from. Pure. */
export function decisionOf(
  candidate: VersionFacts,
  column: number,
  headline: MetricRow | undefined,
  facts: ModelFacts,
): DecisionSummary {
  const { evaluation, version } = candidate;
  const rows = evaluation?.dataset.test.rows ?? null;
  const cell = headline?.cells[column];
  const sentence =
    headline && cell?.value !== null && cell?.value !== undefined
      ? sentenceOf(headline, cell.value, cell.difference, rows, facts.baseline)
      : `Nothing was measured of version ${version.version}.`;
  return {
    verdict: cell?.difference?.verdict ?? 'unknown',
    sentence,
    rows,
    gates:
      evaluation?.gates.map(({ gate, passed, reason }) => ({ metric: gate.metric, passed, reason })) ?? [],
    warnings: warningsOf(candidate, facts),
  };
}

function sentenceOf(
  { metric, unit, reading }: MetricRow,
  value: number,
  difference: MetricDifference | null,
  rows: number | null,
  baseline: BaselineFacts | null,
): string {
  const figure = `${metric} ${withUnit(show(value), unit)}`;
  const sample = rows === null ? null : count(rows);
  if (!baseline || !difference) {
    const on = sample === null ? '' : ` on ${sample}`;
    return `${figure}${on}: there is nothing to compare it with.`;
  }
  const opponent = nameOf(baseline);
  if (!difference.shared) {
    return `${figure}: ${compared(difference.words, opponent)}, but measured on other rows, so the data may make the difference.`;
  }
  const both = `${sample ?? 'the rows'} that both were measured on`;
  if (difference.interval === '' || reading === 'zero') {
    return `${figure}: ${compared(difference.words, opponent)} (${both})${doubtOf(difference)}.`;
  }
  return `${figure}: ${compared(difference.interval, opponent)} (95 %, ${both})${doubtOf(difference)}.`;
}

/** Why no more can be said of a difference on the same rows; empty where there is none, or no doubt of it. */
function doubtOf({ verdict, interval }: MetricDifference): string {
  if (interval === '') return verdict === 'same' ? '' : ': no interval is known';
  return verdict === 'uncertain' ? ': the difference may be chance' : '';
}

/** `better by 0.4 than version 2`, `the same as version 2`, `closer to zero by 0.2 than version 2`. */
function compared(words: string, opponent: string): string {
  return `${words} ${words === 'the same' ? 'as' : 'than'} ${opponent}`;
}

/** The test set, as a column shows it. */
export function testOf(test: Column['test']): Column['test'] {
  return test && { rows: test.rows, sha256: test.sha256, s3Uri: test.s3Uri };
}
