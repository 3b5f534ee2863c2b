import type { Steps } from '../steps';
import type { ColumnProfile } from '../warehouse/dataset';
import type { Matrix } from '../xgboost/matrix';
import type { Predictions } from '../xgboost/predict';
import { threshold } from './binary';
import { predictedClasses } from './multiclass';
import { decileEdges, edgeLabels, missingLabel, valueLabels } from './profile-bins';
import type { Kind, Scorecard } from './report';

export const mostFeatures = 200;
/** A column with no more values than this shows each of them. */
const mostValues = 12;
/** Rows that are gone through between two turns of the event loop: about a millisecond. */
const rowsAStep = 100_000;

type ByFeature = NonNullable<Scorecard['features']>;

/**
 * How wrong each model is by the value of each feature, in bins that come from the whole dataset and are the same for
 * all models. See {@link Scorecard.features} for what is measured.
 * @param features row-major, one column for each of `profiles`, in their order; missing values are NaN
 */
export function* featureErrorSteps(
  kind: Kind,
  labels: Float32Array,
  features: Matrix,
  profiles: readonly ColumnProfile[],
  subjects: readonly Predictions[],
): Steps<ByFeature[]> {
  const wrong: RowErrors[] = [];
  for (const predictions of subjects) {
    wrong.push(rowErrors(kind, labels, predictions));
    yield;
  }
  const result: ByFeature[] = subjects.map(() => []);
  for (const [column, profile] of profiles.slice(0, mostFeatures).entries()) {
    const { edges, labels: names } = binsOf(profile);
    const sums = subjects.map(() => ({
      error: new Float64Array(names.length),
      bias: new Float64Array(names.length),
    }));
    const rows = new Float64Array(names.length);
    for (let from = 0; from < features.rows; from += rowsAStep) {
      const bins = binned(features, column, edges, from, Math.min(features.rows, from + rowsAStep));
      for (let i = 0; i < bins.length; i++) rows[bins[i]!]!++;
      for (const [k, sum] of sums.entries()) addErrors(sum, wrong[k]!, bins, from);
      yield;
    }
    const missing = names.length - 1;
    const shown = rows[missing]! > 0 || profile.missing > 0 ? names : names.slice(0, missing);
    for (const [k, { error, bias }] of sums.entries()) {
      result[k]!.push({
        feature: profile.name,
        bins: shown.map((label, bin) => ({
          label,
          rows: rows[bin]!,
          error: error[bin]! / rows[bin]!,
          bias: bias[bin]! / rows[bin]!,
        })),
      });
    }
  }
  return result;
}

/** Inner edges, in float32 as the rows have them, and the names of the bins between them; that of missing values last. */
function binsOf(profile: ColumnProfile): { edges: Float32Array; labels: string[] } {
  const values = profile.values?.map(([value]) => value) ?? [];
  const exact = values.length > 0 && values.length <= mostValues;
  const edges = exact ? values.slice(0, -1) : decileEdges(profile);
  const labels = exact ? valueLabels(values) : edgeLabels(edges);
  return { edges: Float32Array.from(edges), labels: [...labels, missingLabel] };
}

/** The bin of each row of a column; a value on an edge belongs to the bin below. */
function binned(
  { values, columns }: Matrix,
  column: number,
  edges: Float32Array,
  from: number,
  until: number,
): Uint8Array {
  const bins = new Uint8Array(until - from);
  const missing = edges.length + 1;
  for (let row = from, at = from * columns + column; row < until; row++, at += columns) {
    const value = values[at]!;
    let bin = 0;
    while (bin < edges.length && value > edges[bin]!) bin++;
    bins[row - from] = Number.isNaN(value) ? missing : bin;
  }
  return bins;
}

interface RowErrors {
  error: Float32Array;
  bias: Float32Array;
}

function addErrors(
  sum: { error: Float64Array; bias: Float64Array },
  { error, bias }: RowErrors,
  bins: Uint8Array,
  from: number,
): void {
  for (let i = 0; i < bins.length; i++) {
    const bin = bins[i]!;
    sum.error[bin]! += error[from + i]!;
    sum.bias[bin]! += bias[from + i]!;
  }
}

function rowErrors(kind: Kind, labels: Float32Array, predictions: Predictions): RowErrors {
  const rows = labels.length;
  const error = new Float32Array(rows);
  const bias = new Float32Array(rows);
  if (kind === 'multiclass') {
    const classes = predictedClasses(predictions);
    // Class −1: the model gave no number.
    for (let i = 0; i < rows; i++) error[i] = classes[i]! < 0 ? Number.NaN : Number(classes[i] !== labels[i]);
    return { error, bias: bias.fill(Number.NaN) };
  }
  const { values } = predictions;
  for (let i = 0; i < rows; i++) {
    const off = values[i]! - labels[i]!;
    bias[i] = off;
    if (kind === 'regression') error[i] = Math.abs(off);
    else error[i] = Number.isNaN(off) ? off : Number(Number(values[i]! > threshold) !== labels[i]);
  }
  return { error, bias };
}
