import type { HyperParameterTuningJobObjective, ParameterRanges } from '@aws-sdk/client-sagemaker';
import { WarmstartError } from '../errors';
import { directionOf } from '../project/metrics';
import { objectiveOf } from '../project/objectives';
import type { Model } from '../project/project';
import type { Range } from '../project/schema';
import { canonicalName, recommendedRanges, tunables } from '../project/xgboost';
import type { RangeKind } from './candidates';

/** Integer bounds and continuous bounds are strings in the API, like every hyperparameter. */
type NumberRange = Extract<Range, { min: number }>;

/** SageMaker searches at most this many hyperparameters at once. */
const maxRanges = 30;

/**
 * Rounds without improvement after which a training job stops, where the number of rounds is searched: up to
 * 4000 rounds would be paid for otherwise, and the last of them, not the best, would be the model.
 */
const defaultEarlyStoppingRounds = 20;

/** What the model's tuning job searches. */
export function rangesOf(model: Pick<Model, 'name' | 'training' | 'tuning'>): ParameterRanges {
  const ranges = Object.entries(chosenRanges(model));
  if (ranges.length === 0) {
    throw usage(
      'tuning.no-ranges',
      `${model.name} has nothing to tune.`,
      'Give at least one range in "tuning.ranges".',
    );
  }
  if (ranges.length > maxRanges) {
    throw usage(
      'tuning.too-many-ranges',
      `${model.name} tunes ${ranges.length} hyperparameters; SageMaker takes ${maxRanges}.`,
    );
  }
  const result = {
    IntegerParameterRanges: [] as NonNullable<ParameterRanges['IntegerParameterRanges']>,
    ContinuousParameterRanges: [] as NonNullable<ParameterRanges['ContinuousParameterRanges']>,
    CategoricalParameterRanges: [] as NonNullable<ParameterRanges['CategoricalParameterRanges']>,
  };
  for (const [Name, range] of ranges) {
    const kind = kindOf(model, Name, range);
    if ('values' in range) result.CategoricalParameterRanges.push({ Name, Values: range.values });
    else {
      checkBounds(Name, kind, range);
      result[kind === 'Integer' ? 'IntegerParameterRanges' : 'ContinuousParameterRanges'].push({
        Name,
        MinValue: String(range.min),
        MaxValue: String(range.max),
        ScalingType: range.scaling,
      });
    }
  }
  return result;
}

/**
 * What the model's tuning job holds fixed, as strings. A hyperparameter that is tuned is never among them: the
 * API refuses a name that stands in both places.
 */
export function fixedHyperparameters(
  model: Pick<Model, 'name' | 'training' | 'tuning'>,
): Record<string, string> {
  const { training, tuning } = model;
  const tuned = new Set(Object.keys(chosenRanges(model)).map(canonicalName));
  const fixed: Record<string, string> = {};
  for (const [name, value] of Object.entries(training.hyperparameters)) fixed[name] = String(value);
  if ('algorithm' in training) {
    fixed.objective = training.objective;
    // `false` leaves it out, which a job of before, started without it, needs to be a parent.
    if (training.hyperparameters.early_stopping_rounds === false) delete fixed.early_stopping_rounds;
    else if (tuned.has('num_round')) fixed.early_stopping_rounds ??= String(defaultEarlyStoppingRounds);
    // A job that SageMaker stops early leaves no model behind unless the container is told to save it first.
    if (stopsJobs(tuning)) fixed.save_model_on_termination ??= 'true';
    if (!tuned.has('num_round') && fixed.num_round === undefined) {
      throw usage(
        'tuning.num-round-missing',
        `${model.name} neither tunes num_round nor fixes it, and XGBoost cannot train without it.`,
        'Add "num_round" to "tuning.ranges" or to "training.hyperparameters".',
      );
    }
  }
  return Object.fromEntries(Object.entries(fixed).filter(([name]) => !tuned.has(canonicalName(name))));
}

/** Whether the tuning job ends training jobs before they have trained all their rounds. */
function stopsJobs({ earlyStopping, strategy }: Model['tuning']): boolean {
  return earlyStopping === 'Auto' || strategy === 'Hyperband';
}

/** The metric that the tuning job optimises, and which way; the direction is known, never asked for. */
export function tuningObjective(
  model: Pick<Model, 'name' | 'training' | 'tuning'>,
): HyperParameterTuningJobObjective & { MetricName: string; Type: 'Minimize' | 'Maximize' } {
  const { training, tuning } = model;
  const MetricName = tuning.metric ?? objectiveOf(training.objective).tuningMetric;
  if (!MetricName) {
    throw usage(
      'tuning.metric-missing',
      `Warmstart does not know by which metric to tune ${model.name}.`,
      'Name it as "tuning": { "metric": … }.',
    );
  }
  if ('algorithm' in training) return { MetricName, Type: directionOf(MetricName) };
  return { MetricName, Type: training.objectiveType };
}

/** The project's ranges, or the recommended ones except for what the project fixes. */
function chosenRanges({ training, tuning }: Pick<Model, 'training' | 'tuning'>): Record<string, Range> {
  if (tuning.ranges) return tuning.ranges;
  if (!('algorithm' in training)) return {};
  const fixed = new Set(Object.keys(training.hyperparameters).map(canonicalName));
  return Object.fromEntries(Object.entries(recommendedRanges).filter(([name]) => !fixed.has(name)));
}

function kindOf(model: Pick<Model, 'training'>, name: string, range: Range): RangeKind {
  if ('values' in range) return 'Categorical';
  const known = 'algorithm' in model.training ? tunables[canonicalName(name)]?.type : undefined;
  const type = known ?? range.type;
  if (type === undefined) {
    throw usage(
      'tuning.range-type',
      `The range of ${name} needs a type.`,
      'Add "type": "integer" or "type": "continuous".',
    );
  }
  return type === 'integer' ? 'Integer' : 'Continuous';
}

function checkBounds(name: string, kind: RangeKind, { min, max, scaling }: NumberRange): void {
  const wrong =
    min > max
      ? 'its min is greater than its max'
      : kind === 'Integer' && !(Number.isInteger(min) && Number.isInteger(max))
        ? 'its bounds must be integers'
        : scaling === 'Logarithmic' && min <= 0
          ? 'logarithmic scaling needs a min above 0'
          : scaling === 'ReverseLogarithmic' && (min < 0 || max >= 1)
            ? 'reverse logarithmic scaling needs 0 ≤ min and max < 1'
            : undefined;
  if (wrong) throw usage('tuning.range', `The range of ${name} is not valid: ${wrong}.`);
}

function usage(
  code: string,
  message: string,
  remedy = 'Correct the model in warmstart.json.',
): WarmstartError {
  return new WarmstartError(code, message, { kind: 'usage', remedy });
}
