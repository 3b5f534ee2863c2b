import { drift, shiftBins } from '../evaluation/drift';
import type { Drift, FeatureShift } from './comparison';
import type { BaselineFacts, ModelFacts, VersionFacts } from './facts';
import { scoredBy } from './measured';

const mostFeatures = 200;

/** How each candidate's data moved from the baseline's, the label included; nothing where neither dataset tells. */
export function driftsOf({ baseline, candidates }: ModelFacts): Drift[] {
  if (!baseline) return [];
  return candidates.flatMap((candidate) => {
    const shifts = shiftsOf(candidate, baseline).sort((a, b) => b.psi - a.psi);
    if (shifts.length === 0) return [];
    const features = shifts
      .slice(0, mostFeatures)
      .map(({ bins, ...shift }): FeatureShift => ({ ...shift, bins: bins() }));
    return [{ arn: candidate.version.arn, features, hidden: shifts.length - features.length }];
  });
}

/** The bins are made for those only that are shown. */
type Shift = Omit<FeatureShift, 'bins'> & { bins(): FeatureShift['bins'] };

function shiftsOf(candidate: VersionFacts, baseline: BaselineFacts): Shift[] {
  const { dataset } = candidate;
  if (!dataset || !baseline.dataset) {
    // The evaluation remembers the indices when a dataset is gone, but not what they came from.
    const remembered = scoredBy(candidate, baseline) ? (candidate.evaluation?.drift ?? []) : [];
    return remembered.map((each) => ({ ...each, bins: () => [] }));
  }
  const now = new Map(dataset.columns.map((column) => [column.name, column]));
  const then = new Map(baseline.dataset.columns.map((column) => [column.name, column]));
  return drift(dataset, baseline.dataset).map((each) => ({
    ...each,
    bins: () => {
      const [candidateColumn, baselineColumn] = [now.get(each.feature), then.get(each.feature)];
      if (!candidateColumn || !baselineColumn) return [];
      return shiftBins(candidateColumn, baselineColumn).map(({ label, candidate, champion }) => ({
        label,
        candidate,
        baseline: champion,
      }));
    },
  }));
}
