import type { Model } from '../project/project';

type Preferences = Pick<Model, 'tuning' | 'evaluation'>;

/**
 * The one metric by which a version is judged first: what its first gate asks for, else the first that the project
 * wants shown, else the one that tuning optimised, else whatever there is. Null when nothing was measured.
 */
export function mainMetric(
  model: Preferences | undefined,
  metrics: Readonly<Record<string, unknown>>,
): string | null {
  const wanted = [
    ...(model?.evaluation.gates.map((gate) => gate.metric) ?? []),
    ...(model?.evaluation.metrics ?? []),
    model?.tuning.metric?.replace(/^(train|validation):/, ''),
  ];
  const found = wanted.find((name) => name !== undefined && Object.hasOwn(metrics, name));
  return found ?? Object.keys(metrics)[0] ?? null;
}
