import type { Booster, Version } from './booster';
import { expf, logf } from './expf';
import { unsupported } from './refusal';
import { atLeast } from './version';

/** How the base score, given in output space, becomes a margin. */
type Link = 'identity' | 'logit' | 'log';
/** How margins become predictions. */
export type Transform = 'identity' | 'logistic' | 'exp' | 'hinge' | 'softprob' | 'softmax';

/** `src/objective/*.cc`; every objective of SageMaker's container and those that XGBoost itself has besides. */
const OBJECTIVES: Partial<Record<string, { link: Link; transform: Transform }>> = {
  'reg:squarederror': { link: 'identity', transform: 'identity' },
  'reg:linear': { link: 'identity', transform: 'identity' },
  'reg:squaredlogerror': { link: 'identity', transform: 'identity' },
  'reg:pseudohubererror': { link: 'identity', transform: 'identity' },
  'reg:absoluteerror': { link: 'identity', transform: 'identity' },
  'reg:quantileerror': { link: 'identity', transform: 'identity' },
  'reg:logistic': { link: 'logit', transform: 'logistic' },
  'reg:gamma': { link: 'log', transform: 'exp' },
  'reg:tweedie': { link: 'log', transform: 'exp' },
  'count:poisson': { link: 'log', transform: 'exp' },
  'survival:cox': { link: 'log', transform: 'exp' },
  'survival:aft': { link: 'log', transform: 'exp' },
  'binary:logistic': { link: 'logit', transform: 'logistic' },
  'binary:logitraw': { link: 'identity', transform: 'identity' },
  'binary:hinge': { link: 'identity', transform: 'hinge' },
  'multi:softmax': { link: 'identity', transform: 'softmax' },
  'multi:softprob': { link: 'identity', transform: 'softprob' },
  'rank:pairwise': { link: 'identity', transform: 'identity' },
  'rank:ndcg': { link: 'identity', transform: 'identity' },
  'rank:map': { link: 'identity', transform: 'identity' },
};

/** The transform of a model's objective. Throws `xgboost.unsupported-objective`. */
export function transformOf(booster: Booster): Transform {
  return objectiveOf(booster).transform;
}

/** The margin that every row starts with, one per output, as the serving library computes it from the base score. */
export function baseMargins(booster: Booster, serving: Version): Float32Array {
  const { baseScores, outputs, version, objective } = booster;
  const { link, transform } = objectiveOf(booster);
  // Up to 1.2 LogisticRaw inherited the logistic objective's ProbToMargin.
  const linkThen = objective === 'binary:logitraw' && !atLeast(serving, 1, 3) ? 'logit' : link;
  let scores = baseScores;
  if (version[0] === 0) {
    // Models from before 1.0.0 hold the margin. From 1.2 on the library turns it into a score, and that into a margin again.
    if (!atLeast(serving, 1, 2)) return everyOutput(baseScores, outputs);
    if (!objective.startsWith('multi:')) scores = applyTransform(transform, baseScores.slice(), 1, serving);
  }
  return everyOutput(
    scores.map((score) => marginOf(score, linkThen)),
    outputs,
  );
}

function everyOutput(values: Float32Array, outputs: number): Float32Array {
  return values.length === 1 ? new Float32Array(outputs).fill(values[0]!) : values;
}

function objectiveOf(booster: Booster): { link: Link; transform: Transform } {
  // Up to 1.0 a "gpu:" prefix could stand before some names.
  const name = booster.objective.replace(/^gpu:/, '');
  const known = Object.hasOwn(OBJECTIVES, name) ? OBJECTIVES[name] : undefined;
  if (!known)
    throw unsupported('objective', `its objective ${JSON.stringify(name.slice(0, 60))} is not known`);
  return known;
}

const { fround } = Math;

function marginOf(score: number, link: Link): number {
  if (link === 'identity') return score;
  if (link === 'log') return logf(score);
  return fround(-logf(fround(fround(1 / score) - 1)));
}

/** Turns `rows × outputs` margins into predictions: in place, except that softmax answers one class per row. */
export function applyTransform(
  transform: Transform,
  margins: Float32Array,
  outputs: number,
  serving: Version,
): Float32Array {
  switch (transform) {
    case 'identity':
      return margins;
    case 'logistic':
      return margins.map(atLeast(serving, 1, 6) ? sigmoid : unguardedSigmoid);
    // Exact for survival:aft where XGBoost was built with CUDA, as PyPI's x86 wheels are: without, `aft_obj.cu` takes a double `exp`.
    case 'exp':
      return margins.map(expf);
    case 'hinge':
      return margins.map((margin) => (margin > 0 ? 1 : 0));
    case 'softprob':
      return softprob(margins, outputs);
    case 'softmax':
      return firstMaximum(margins, outputs);
  }
}

const GREATEST_EXPONENT = fround(88.7);

function sigmoid(margin: number): number {
  const x = Math.min(-margin, GREATEST_EXPONENT);
  return fround(1 / fround(expf(x) + 1));
}

/** Before 1.6 nothing kept the exponential from overflowing; that shows below −88.7. */
function unguardedSigmoid(margin: number): number {
  return fround(1 / fround(1 + expf(-margin)));
}

function softprob(margins: Float32Array, outputs: number): Float32Array {
  for (let row = 0; row < margins.length; row += outputs) {
    const values = margins.subarray(row, row + outputs);
    let greatest = values[0]!;
    for (const value of values) if (value > greatest || Number.isNaN(greatest)) greatest = value;
    let sum = 0;
    for (let k = 0; k < outputs; k++) {
      values[k] = expf(fround(values[k]! - greatest));
      sum += values[k]!;
    }
    const divisor = fround(sum);
    for (let k = 0; k < outputs; k++) values[k] = values[k]! / divisor;
  }
  return margins;
}

function firstMaximum(margins: Float32Array, outputs: number): Float32Array {
  const classes = new Float32Array(margins.length / outputs);
  for (let row = 0; row < classes.length; row++) {
    const start = row * outputs;
    let best = 0;
    for (let k = 1; k < outputs; k++) if (margins[start + best]! < margins[start + k]!) best = k;
    classes[row] = best;
  }
  return classes;
}
