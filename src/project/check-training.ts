import type { Findings } from './findings';
import { objectiveSince, objectives } from './objectives';
import type { Path } from './positions';
import type { ModelFile, XGBoostTraining } from './schema';
import { suggestion } from './suggest';
import { canonicalName, compareVersions, isXGBoostImage } from './xgboost';

/** The training job: what the container or CreateHyperParameterTuningJob would refuse after minutes of waiting. */
export function checkTraining(model: Path, { training, tuning }: ModelFile, findings: Findings): void {
  const at: Path = [...model, 'training'];
  if (training.spot && training.spot.maxWaitSeconds < training.maxRuntimeSeconds)
    findings.error(
      [...at, 'spot', 'maxWaitSeconds'],
      `The wait for spot capacity includes the run itself, so it is at least ${training.maxRuntimeSeconds} seconds.`,
    );
  if ('algorithm' in training) {
    checkXGBoost(at, training, findings);
    return;
  }
  if (isXGBoostImage(training.image)) return;
  const names = training.metricDefinitions.map((definition) => definition.name);
  if (tuning.metric === undefined)
    findings.error(
      [...model, 'tuning', 'metric'],
      'An image of your own needs the metric to tune.',
      'Add "tuning": { "metric": … }.',
    );
  else if (!names.includes(tuning.metric))
    findings.error(
      [...model, 'tuning', 'metric'],
      `No metric definition is named "${tuning.metric}".`,
      suggestion(tuning.metric, names) ??
        'Add it to "metricDefinitions", with the pattern that finds it in the log.',
    );
  training.metricDefinitions.forEach((definition, index) => {
    if (!/\(/.test(definition.regex))
      findings.error(
        [...at, 'metricDefinitions', index, 'regex'],
        'The pattern must capture the value in parentheses.',
      );
  });
}

function checkXGBoost(at: Path, training: XGBoostTraining, findings: Findings): void {
  const { objective, version, hyperparameters } = training;
  const place: Path = [...at, 'objective'];
  if (!objectives.includes(objective)) {
    findings.error(place, `"${objective}" is no objective of XGBoost.`, suggestion(objective, objectives));
    return;
  }
  const since = objectiveSince(objective);
  if (since !== undefined && compareVersions(version, since) < 0)
    findings.error(place, `${objective} needs version ${since} or later, this is ${version}.`);
  const classes = hyperparameters.num_class;
  if (objective.startsWith('multi:') && !(Number.isInteger(Number(classes)) && Number(classes) >= 2))
    findings.error(
      classes === undefined ? place : [...at, 'hyperparameters', 'num_class'],
      `${objective} needs the number of classes.`,
      'Add "hyperparameters": { "num_class": 3 }.',
    );
  for (const owned of ['objective', '_tuning_objective_metric'])
    if (Object.hasOwn(hyperparameters, owned))
      findings.errorAtKey(
        [...at, 'hyperparameters', owned],
        owned === 'objective' ? 'The objective has a field of its own.' : 'SageMaker sets this one itself.',
        'Remove it here.',
      );
  const names = new Map<string, string>();
  for (const name of Object.keys(hyperparameters)) {
    const canonical = canonicalName(name);
    const other = names.get(canonical);
    if (other !== undefined)
      findings.errorAtKey(
        [...at, 'hyperparameters', name],
        `"${name}" and "${other}" are the same hyperparameter.`,
      );
    names.set(canonical, name);
  }
}
