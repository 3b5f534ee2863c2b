import { expf, logf } from '../../xgboost/expf';

/** A loss of one margin per row. Values are computed in double and stored as float32, like the margins. */
export interface Loss {
  gradient(margin: number, label: number): number;
  hessian(margin: number, label: number): number;
  /** The prediction that a margin stands for. */
  output(margin: number): number;
  /** The margin that a `base_score` stands for. */
  margin(baseScore: number): number;
  /** XGBoost's message when a label is not allowed, else `undefined`. */
  complaint(label: number): string | undefined;
  /** A label of 1 weighs `scale_pos_weight`. */
  scalesPositives?: boolean;
  /** Leaves are refitted to the median of the residuals (`reg:absoluteerror`). */
  median?: boolean;
}

export interface Objective {
  name: string;
  defaultMetric: string;
  /** Outputs per row: classes of `multi:*`, else 1. */
  groups: number;
  loss: Loss | 'softmax';
  /** The objective's own parameters as XGBoost writes them into the model. */
  config: Record<string, Record<string, string>>;
}

export interface ObjectiveOptions {
  classes: number;
  scalePosWeight: number;
  tweedieVariancePower: number;
  maxDeltaStep: number;
  huberSlope: number;
  /** XGBoost's major version: some default metrics changed. */
  major: number;
}

const EPSILON = 1e-16;
const accept = (): undefined => undefined;
const identity = (value: number): number => value;

/** XGBoost's float32 sigmoid: the exponent is capped so that `expf` stays finite. */
export function sigmoid(margin: number): number {
  const e = expf(Math.min(-margin, Math.fround(88.7)));
  return Math.fround(1 / Math.fround(Math.fround(e + 1) + EPSILON));
}

const squaredError: Loss = {
  gradient: (margin, label) => margin - label,
  hessian: () => 1,
  output: identity,
  margin: identity,
  complaint: accept,
  scalesPositives: true,
};

const logistic: Loss = {
  gradient: (margin, label) => sigmoid(margin) - label,
  hessian: (margin) => {
    const p = sigmoid(margin);
    return Math.max(p * (1 - p), EPSILON);
  },
  output: sigmoid,
  margin: (base) => -logf(Math.fround(Math.fround(1 / Math.fround(base)) - 1)),
  complaint: (label) =>
    label >= 0 && label <= 1 ? undefined : 'label must be in [0,1] for logistic regression',
  scalesPositives: true,
};

const logitRaw: Loss = { ...logistic, output: identity, margin: identity };

const hinge: Loss = {
  gradient: (margin, label) => (margin * (2 * label - 1) < 1 ? 1 - 2 * label : 0),
  hessian: (margin, label) => (margin * (2 * label - 1) < 1 ? 1 : 1.17549435e-38),
  output: (margin) => (margin > 0 ? 1 : 0),
  margin: identity,
  complaint: accept,
};

const exponential = (margin: number): number => expf(Math.fround(margin));
const logarithm = (base: number): number => logf(Math.fround(base));

function poisson(maxDeltaStep: number): Loss {
  return {
    gradient: (margin, label) => exponential(margin) - label,
    hessian: (margin) => exponential(margin + maxDeltaStep),
    output: exponential,
    margin: logarithm,
    complaint: (label) => (label >= 0 ? undefined : 'PoissonRegression: label must be nonnegative'),
  };
}

const gamma: Loss = {
  gradient: (margin, label) => 1 - label / exponential(margin),
  hessian: (margin, label) => label / exponential(margin),
  output: exponential,
  margin: logarithm,
  complaint: (label) => (label > 0 ? undefined : 'GammaRegression: label must be positive.'),
};

function tweedie(power: number): Loss {
  return {
    gradient: (margin, label) => -label * Math.exp((1 - power) * margin) + Math.exp((2 - power) * margin),
    hessian: (margin, label) =>
      -label * (1 - power) * Math.exp((1 - power) * margin) + (2 - power) * Math.exp((2 - power) * margin),
    output: exponential,
    margin: logarithm,
    complaint: (label) => (label >= 0 ? undefined : 'TweedieRegression: label must be nonnegative'),
  };
}

const squaredLogError: Loss = {
  gradient: (margin, label) => {
    const p = Math.max(margin, -1 + 1e-6);
    return (Math.log1p(p) - Math.log1p(label)) / (p + 1);
  },
  hessian: (margin, label) => {
    const p = Math.max(margin, -1 + 1e-6);
    return Math.max((-Math.log1p(p) + Math.log1p(label) + 1) / (p + 1) ** 2, 1e-6);
  },
  output: identity,
  margin: identity,
  complaint: (label) =>
    label > -1 ? undefined : 'label must be greater than -1 for rmsle so that log(label + 1) can be valid.',
  scalesPositives: true,
};

/** Steps in float32 as XGBoost takes them: far from the label both derivatives are so flat that rounding decides splits. */
function pseudoHuber(slope: number): Loss {
  const square = Math.fround(slope * slope);
  const root = (z: number) =>
    Math.fround(Math.sqrt(Math.fround(1 + Math.fround(Math.fround(z * z) / square))));
  return {
    gradient: (margin, label) => {
      const z = Math.fround(margin - label);
      return Math.fround(z / root(z));
    },
    hessian: (margin, label) => {
      const z = Math.fround(margin - label);
      const scale = Math.fround(square + Math.fround(z * z));
      return Math.fround(square / Math.fround(scale * root(z)));
    },
    output: identity,
    margin: identity,
    complaint: accept,
  };
}

const absoluteError: Loss = {
  gradient: (margin, label) => Math.sign(margin - label),
  hessian: () => 1,
  output: identity,
  margin: identity,
  complaint: accept,
  median: true,
};

/**
 * The objective of that name, or `undefined` for one that the sandbox does not train
 * (`rank:*`, `survival:*`). Formulas: XGBoost `src/objective`.
 */
export function createObjective(name: string, options: ObjectiveOptions): Objective | undefined {
  const regression = (loss: Loss, defaultMetric: string, published = name): Objective => ({
    name: published,
    defaultMetric,
    groups: 1,
    loss,
    config: { reg_loss_param: { scale_pos_weight: shortest(options.scalePosWeight) } },
  });
  const single = (loss: Loss, defaultMetric: string, config: Objective['config'] = {}): Objective => ({
    name,
    defaultMetric,
    groups: 1,
    loss,
    config,
  });
  switch (name) {
    case 'reg:squarederror':
    case 'reg:linear':
      return regression(squaredError, 'rmse', 'reg:squarederror');
    case 'reg:logistic':
      return regression(logistic, 'rmse');
    case 'binary:logistic':
      return regression(logistic, 'logloss');
    case 'binary:logitraw':
      return regression(logitRaw, 'logloss');
    case 'reg:squaredlogerror':
      return regression(squaredLogError, 'rmsle');
    case 'reg:gamma':
      return options.major < 3 ? single(gamma, 'gamma-nloglik') : regression(gamma, 'gamma-deviance');
    case 'binary:hinge':
      return single(hinge, 'error');
    case 'count:poisson':
      return single(poisson(options.maxDeltaStep), 'poisson-nloglik', {
        poisson_regression_param: { max_delta_step: shortest(options.maxDeltaStep) },
      });
    case 'reg:tweedie':
      return single(
        tweedie(options.tweedieVariancePower),
        `tweedie-nloglik@${shortest(options.tweedieVariancePower)}`,
        { tweedie_regression_param: { tweedie_variance_power: shortest(options.tweedieVariancePower) } },
      );
    case 'reg:pseudohubererror':
      return single(pseudoHuber(options.huberSlope), 'mphe', {
        pseudo_huber_param: { huber_slope: shortest(options.huberSlope) },
      });
    case 'reg:absoluteerror':
      return single(absoluteError, 'mae');
    case 'multi:softmax':
    case 'multi:softprob':
      return {
        name,
        defaultMetric: 'mlogloss',
        groups: options.classes,
        loss: 'softmax',
        config: { softmax_multiclass_param: { num_class: String(options.classes) } },
      };
    default:
      return undefined;
  }
}

/** The shortest decimal that reads back as the same float32, as XGBoost writes parameters. */
export function shortest(value: number): string {
  const float = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = float.toPrecision(digits);
    if (Math.fround(Number(text)) === float) return String(Number(text));
  }
  return String(Number(float.toPrecision(9)));
}
