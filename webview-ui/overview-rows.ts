import type { Column, ModelComparison } from '../src/comparison/comparison';
import { verdictSign, verdictWord } from './verdict';

/** One model in a line: where it stands, where it would go, and whether it should. */
export interface OverviewRow {
  group: string;
  model: string;
  /** Null without a baseline. */
  from: number | null;
  candidates: OverviewCandidate[];
}

export interface OverviewCandidate {
  arn: string;
  version: number;
  sign: string;
  words: string;
  verdict: NonNullable<Column['decision']>['verdict'];
  passed: number;
  failed: number;
  warnings: number;
}

export function overviewRows(models: ModelComparison[]): OverviewRow[] {
  return models.map(({ model, group, columns }) => ({
    group,
    model,
    from: columns.find(({ role }) => role === 'baseline')?.version ?? null,
    candidates: columns.filter(({ role }) => role === 'candidate').map(candidate),
  }));
}

function candidate({ arn, version, decision }: Column): OverviewCandidate {
  const verdict = decision?.verdict ?? 'unknown';
  const gates = decision?.gates ?? [];
  return {
    arn,
    version,
    verdict,
    sign: verdictSign(verdict),
    words: verdictWord(verdict),
    passed: gates.filter(({ passed }) => passed).length,
    failed: gates.filter(({ passed }) => !passed).length,
    warnings: decision?.warnings.length ?? 0,
  };
}
