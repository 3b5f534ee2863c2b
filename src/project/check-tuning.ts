import type { Findings } from './findings';
import { metricDirections, metricSince } from './metrics';
import type { Path } from './positions';
import { ownValue } from './project';
import type { ModelFile, Range, Training, Tuning } from './schema';
import { suggestion } from './suggest';
import { canonicalName, compareVersions, recommendedRanges, tunables } from './xgboost';

/** All ranges of one tuning job together (SageMaker's limit of searchable hyperparameters). */
const MAX_RANGES = 30;

/** The tuning job: its strategy, budget, metric and ranges. */
export function checkTuning(model: Path, { training, tuning }: ModelFile, findings: Findings): void {
  const at: Path = [...model, 'tuning'];
  const builtIn = 'algorithm' in training;
  checkStrategy(at, tuning, findings);
  checkBudget(at, tuning, findings);
  if (builtIn) checkMetric(at, training, tuning.metric, findings);
  const ranges = tuning.ranges ?? (builtIn ? recommendedRanges : {});
  const count = Object.keys(ranges).length;
  if (count === 0)
    findings.error(
      tuning.ranges ? [...at, 'ranges'] : at,
      'There is nothing to tune.',
      'Add "ranges" with at least one hyperparameter.',
    );
  if (count > MAX_RANGES)
    findings.error(
      [...at, 'ranges'],
      `${count} ranges are more than the ${MAX_RANGES} that SageMaker can search.`,
    );
  if (tuning.strategy === 'Grid' && Object.values(ranges).some((range) => 'min' in range))
    findings.error(
      tuning.ranges ? [...at, 'ranges'] : [...at, 'strategy'],
      'A grid search takes lists of values only.',
      'Write each range as { "values": ["3", "5", "7"] }.',
    );
  for (const [name, range] of Object.entries(tuning.ranges ?? {}))
    checkRange([...at, 'ranges', name], name, range, builtIn, findings);
  checkNames(model, training, ranges, tuning.ranges !== undefined, findings);
}

function checkStrategy(at: Path, tuning: Tuning, findings: Findings): void {
  const { strategy, hyperband, warmStart } = tuning;
  if (warmStart !== false && (strategy === 'Hyperband' || strategy === 'Grid'))
    findings.error(
      findings.wrote([...at, 'warmStart']) ? [...at, 'warmStart'] : [...at, 'strategy'],
      `A ${strategy} search cannot start warm.`,
      'Add "warmStart": false, or use Bayesian or Random.',
    );
  if (warmStart !== false && warmStart.type === 'IdenticalDataAndAlgorithm')
    findings.warning(
      [...at, 'warmStart', 'type'],
      'The data of every run differ because the window moves on, while this type promises identical data.',
      'Use "TransferLearning".',
    );
  if (strategy !== 'Hyperband') {
    if (hyperband)
      findings.error([...at, 'hyperband'], `A ${strategy} search has no hyperband resource.`, 'Remove it.');
    return;
  }
  if (!hyperband)
    findings.error(
      [...at, 'strategy'],
      'Hyperband needs its resource: XGBoost names its rounds "num_round", which SageMaker does not recognise.',
      'Add "hyperband": { "minResource": 10, "maxResource": 500 }.',
    );
  else if (hyperband.minResource >= hyperband.maxResource)
    findings.error([...at, 'hyperband', 'minResource'], 'minResource must be less than maxResource.');
  if (tuning.earlyStopping !== 'Off')
    findings.error([...at, 'earlyStopping'], 'Hyperband stops jobs itself.', 'Write "Off".');
}

function checkBudget(at: Path, { strategy, maxJobs, maxParallelJobs }: Tuning, findings: Findings): void {
  const place = findings.wrote([...at, 'maxParallelJobs']) ? [...at, 'maxParallelJobs'] : [...at, 'maxJobs'];
  if (maxParallelJobs > maxJobs)
    findings.error(
      place,
      `${maxParallelJobs} jobs cannot run in parallel when there are ${maxJobs}.`,
      `Write "maxParallelJobs": ${Math.max(1, Math.floor(maxJobs / 3))}.`,
    );
  else if (strategy === 'Bayesian' && maxJobs > 1 && maxParallelJobs > maxJobs / 2)
    findings.warning(
      place,
      `${maxParallelJobs} of ${maxJobs} jobs at once: most are chosen before any has taught the search something.`,
      `Write "maxParallelJobs": ${Math.max(1, Math.floor(maxJobs / 3))}.`,
    );
}

function checkMetric(
  at: Path,
  training: Extract<Training, { algorithm: 'xgboost' }>,
  metric: string | undefined,
  findings: Findings,
): void {
  if (metric === undefined) return;
  const place: Path = [...at, 'metric'];
  const [, channel, name = ''] = /^(?:([^:]*):)?(.*?)(?:@.*)?$/.exec(metric) ?? [];
  const known = Object.keys(metricDirections);
  if (!known.includes(name)) {
    const channelled = known.map((m) => `validation:${m}`);
    findings.error(
      place,
      `"${metric}" is no metric of SageMaker's XGBoost.`,
      suggestion(`validation:${name}`, channelled),
    );
  } else if (channel !== 'validation' && channel !== 'train') {
    findings.error(place, `"${metric}" does not say what it is measured on.`, `Write "validation:${name}".`);
  } else {
    checkMetricFits(place, name, channel, training, findings);
  }
}

function checkMetricFits(
  place: Path,
  name: string,
  channel: string,
  { objective, version }: Extract<Training, { algorithm: 'xgboost' }>,
  findings: Findings,
): void {
  const since = metricSince(name);
  if (since !== undefined && compareVersions(version, since) < 0)
    findings.error(place, `${name} needs version ${since} or later, this is ${version}.`);
  if (name === 'auc' && !/^(binary|rank):/.test(objective))
    findings.error(place, `auc is for binary and rank objectives, not ${objective}.`);
  if (name === 'aft-nloglik' && objective !== 'survival:aft')
    findings.error(place, `aft-nloglik is for survival:aft, not ${objective}.`);
  if (channel === 'train')
    findings.warning(
      place,
      'A model that is best on its own training data has learnt it by heart.',
      `Write "validation:${name}".`,
    );
}

function checkRange(at: Path, name: string, range: Range, builtIn: boolean, findings: Findings): void {
  const tunable = ownValue(tunables, name);
  if (builtIn && !tunable) {
    const canonical = canonicalName(name);
    const hint = canonical === name ? suggestion(name, Object.keys(tunables)) : `Write "${canonical}".`;
    findings.errorAtKey(at, `XGBoost's "${name}" cannot be tuned.`, hint);
    return;
  }
  if ('values' in range) {
    if (new Set(range.values).size < range.values.length)
      findings.error([...at, 'values'], 'A value stands here twice.');
    return;
  }
  if (range.min >= range.max)
    findings.error([...at, 'min'], `min (${range.min}) must be less than max (${range.max}).`);
  if (range.scaling === 'Logarithmic' && range.min <= 0)
    findings.error([...at, 'min'], 'A logarithmic scale begins above 0.', 'Raise "min", or use "Linear".');
  if (range.scaling === 'ReverseLogarithmic' && (range.min < 0 || range.max >= 1))
    findings.error(
      [...at, range.min < 0 ? 'min' : 'max'],
      'A reverse logarithmic scale is for values from 0 to below 1.',
    );
  if (!builtIn && range.type === undefined)
    findings.error(at, `Whether "${name}" is integer or continuous is not known.`, 'Add "type".');
  if (builtIn && tunable) {
    if (range.type !== undefined && range.type !== tunable.type)
      findings.error([...at, 'type'], `"${name}" is ${tunable.type}.`, 'Leave "type" out.');
    checkBounds(at, name, range, findings);
  }
  const type = (builtIn ? tunable?.type : undefined) ?? range.type;
  for (const bound of ['min', 'max'] as const)
    if (type === 'integer' && !Number.isInteger(range[bound]))
      findings.error([...at, bound], `"${name}" takes whole numbers.`);
}

function checkBounds(at: Path, name: string, range: { min: number; max: number }, findings: Findings): void {
  const tunable = tunables[name];
  if (!tunable) return;
  const why = name === 'max_depth' ? ' (0 would mean no limit at all)' : '';
  if (range.min < tunable.min || (tunable.aboveMin && range.min === tunable.min))
    findings.error(
      [...at, 'min'],
      `"${name}" is ${tunable.aboveMin ? 'more than' : 'at least'} ${tunable.min}${why}.`,
    );
  if (range.max > tunable.max) findings.error([...at, 'max'], `"${name}" is at most ${tunable.max}.`);
}

/** A hyperparameter is either tuned or static, and XGBoost must know its number of rounds one way or the other. */
function checkNames(
  model: Path,
  training: Training,
  ranges: Readonly<Record<string, Range>>,
  written: boolean,
  findings: Findings,
): void {
  const builtIn = 'algorithm' in training;
  const name = (n: string) => (builtIn ? canonicalName(n) : n);
  const tuned = new Set(Object.keys(ranges).map(name));
  const fixed = Object.keys(training.hyperparameters);
  // A static value takes the place of a default range; only a range that somebody wrote contradicts it.
  for (const own of written ? fixed : [])
    if (tuned.has(name(own)))
      findings.errorAtKey(
        [...model, 'training', 'hyperparameters', own],
        `"${own}" is static here and tuned in "ranges".`,
        'Remove one of them.',
      );
  if (builtIn && !tuned.has('num_round') && !fixed.includes('num_round'))
    findings.error(
      [...model, 'tuning', 'ranges'],
      'XGBoost needs num_round.',
      'Add it to the ranges, or to the static hyperparameters.',
    );
}
