import type { Dataset } from '../warehouse/dataset';
import type { Predictions } from '../xgboost/predict';
import type { Scored, ScoredChampion } from './evaluate';
import type { FeatureDrift, Kind } from './report';
import { show } from './words';

/** Below this, Model Monitor too gives no deviations. */
const fewRows = 200;

export interface Circumstances {
  testing: boolean;
  kind: Kind;
  labels: Float32Array;
  dataset: Dataset;
  testSha256?: string;
  candidate: Scored;
  champion: ScoredChampion | null;
  unusable: string | null;
  drift: FeatureDrift[];
}

/** What the person who approves should know beside the figures, as full sentences, the gravest first. */
export function warningsOf(circumstances: Circumstances): string[] {
  return [
    ...aboutRun(circumstances),
    ...aboutTestSet(circumstances),
    ...aboutPredictions(circumstances),
    ...aboutChampion(circumstances),
    ...aboutDrift(circumstances),
  ];
}

function aboutRun({ testing, dataset }: Circumstances): string[] {
  const warnings: string[] = [];
  if (testing) warnings.push('This is a testing run: it can never be released to a protected environment.');
  if (dataset.git?.dirty) warnings.push('The project had uncommitted changes when the data was exported.');
  return warnings;
}

function aboutTestSet({ kind, labels, dataset, testSha256 }: Circumstances): string[] {
  const warnings: string[] = [];
  const { test } = dataset.parts;
  const different = testSha256 !== undefined && testSha256 !== test.sha256;
  if (different || labels.length !== test.rows) {
    warnings.push(
      `The test set that was scored is not the one of dataset.json (${labels.length} rows against ${test.rows}).`,
    );
  }
  if (labels.length < fewRows) {
    warnings.push(
      `The test set has only ${labels.length} rows: look at the intervals before the differences.`,
    );
  }
  const first = labels[0];
  if (labels.every((label) => label === first)) {
    const lost = kind === 'binary' ? 'auc is' : kind === 'regression' ? 'r2 is' : 'averages over classes are';
    warnings.push(`Every row of the test set has the label ${first}: ${lost} not to be had from it.`);
  }
  return warnings;
}

function aboutPredictions({ candidate, champion }: Circumstances): string[] {
  const subjects = [
    { name: 'candidate', predictions: candidate.predictions },
    ...(champion ? [{ name: 'champion', predictions: champion.predictions }] : []),
  ];
  return subjects.flatMap(({ name, predictions }) => {
    const rows = withoutPrediction(predictions);
    return rows === 0 ? [] : [`The ${name} gave no number for ${rows} of ${predictions.rows} rows.`];
  });
}

function withoutPrediction({ outputs, values }: Predictions): number {
  const rows = new Set<number>();
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) rows.add(Math.floor(i / outputs));
  return rows.size;
}

function aboutChampion({ candidate, champion, unusable, dataset }: Circumstances): string[] {
  if (unusable !== null) return [`The champion could not be compared: ${unusable}`];
  if (!champion) return [];
  const warnings: string[] = [];
  const [ours, theirs] = [candidate.origin, champion.origin];
  if (ours.artifact.sha256 === theirs.artifact.sha256) {
    warnings.push('Candidate and champion are the same artifact, byte for byte.');
  }
  if (ours.image !== theirs.image) {
    warnings.push(
      `The candidate was trained with ${ours.image} and the champion with ${theirs.image}: the endpoint's container must be able to read both.`,
    );
  }
  if (ours.engine !== theirs.engine) {
    warnings.push(
      `Candidate and champion were scored by different engines (${ours.engine}, ${theirs.engine}).`,
    );
  }
  if (champion.dataset)
    warnings.push(...aboutColumns(dataset, champion.dataset), ...aboutSplit(dataset, champion.dataset));
  return warnings;
}

function aboutColumns(now: Dataset, then: Dataset): string[] {
  const [label, ...features] = now.columns.map((column) => column.name);
  const [labelThen, ...featuresThen] = then.columns.map((column) => column.name);
  const warnings: string[] = [];
  if (label !== labelThen) {
    warnings.push(`The champion was trained to predict ${labelThen}, the candidate predicts ${label}.`);
  }
  const added = features.filter((name) => !featuresThen.includes(name));
  const removed = featuresThen.filter((name) => !features.includes(name));
  const changes = [
    ...(added.length > 0 ? [`new: ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`gone: ${removed.join(', ')}`] : []),
  ];
  if (changes.length > 0) {
    warnings.push(
      `The features changed since the champion (${changes.join('; ')}): callers must send the candidate's columns from its release on.`,
    );
  } else if (features.some((name, i) => name !== featuresThen[i])) {
    warnings.push(
      "The features are in another order than the champion's: callers must send them in the candidate's order from its release on.",
    );
  }
  return warnings;
}

/** A row that is tested on now may have been trained on then, which flatters the champion. */
function aboutSplit({ split, window }: Dataset, then: Dataset): string[] {
  const same =
    split.by === then.split.by &&
    split.column === then.split.column &&
    split.test === then.split.test &&
    split.validation === then.split.validation;
  const later = split.by === 'time' && then.window.until > window.until;
  if (same && !later) return [];
  return [
    'The champion was trained with another split or a later window and may know rows of this test set.',
  ];
}

function aboutDrift({ drift }: Circumstances): string[] {
  const strong = drift.filter((feature) => feature.level === 'strong').sort((a, b) => b.psi - a.psi);
  if (strong.length === 0) return [];
  const shown = strong.slice(0, 5).map((feature) => `${feature.feature} (PSI ${show(feature.psi, 2)})`);
  const more = strong.length > shown.length ? ` and ${strong.length - shown.length} more` : '';
  return [`The data has moved since the champion was trained: ${shown.join(', ')}${more}.`];
}
