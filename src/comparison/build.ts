import { mainMetric } from '../evaluation/headline';
import { changesOf } from './changes';
import { columnsOf } from './columns';
import type { ModelComparison } from './comparison';
import { driftsOf } from './drift';
import type { ModelFacts } from './facts';
import { historyOf } from './history';
import { metricRows } from './metrics';
import { queryDiffs } from './query-diff';
import { unitOf } from './unit';

/** One model's comparison from what was read of it. Pure. */
export function buildModel(facts: ModelFacts): ModelComparison {
  const { model, group, baseline, candidates } = facts;
  const evaluation = [...candidates, ...(baseline ? [baseline] : [])].find(
    (each) => each.evaluation,
  )?.evaluation;
  const metrics = metricRows(facts);
  const measured = Object.fromEntries(metrics.map((row) => [row.metric, row]));
  const preferences = model ?? undefined;
  const history = historyOf(facts.history, group);
  const main = mainMetric(preferences, measured);
  return {
    model: model?.name ?? group,
    group,
    description: model?.description ?? null,
    endpoint: model?.endpoint ?? null,
    kind: evaluation?.kind ?? null,
    objective: evaluation?.objective ?? model?.training.objective ?? null,
    unit: unitOf(facts),
    environment: baseline?.environment ?? null,
    columns: columnsOf(facts, main === null ? undefined : measured[main]),
    // Where nothing was measured of these versions, the history of others still begins with what the project asks for.
    headline: main ?? mainMetric(preferences, history.metrics),
    metrics,
    changes: changesOf(facts),
    queries: queryDiffs(facts),
    drift: driftsOf(facts),
    history,
    notes: facts.notes,
  };
}
