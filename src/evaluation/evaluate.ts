import { WarmstartError } from '../errors';
import { objectiveOf } from '../project/objectives';
import type { Gate } from '../project/schema';
import { finish, type Steps } from '../steps';
import type { Dataset } from '../warehouse/dataset';
import type { Matrix } from '../xgboost/matrix';
import type { Predictions } from '../xgboost/predict';
import { differenceSteps } from './bootstrap';
import { featureErrorSteps } from './by-feature';
import { drift } from './drift';
import { checkGates } from './gates';
import { checkPredictions, comparable } from './predictions';
import { seedOf } from './random';
import type { Evaluation, Kind, Scorecard, Subject } from './report';
import { scorecardSteps } from './scorecard';
import { warningsOf } from './warnings';

/** A model and what it answered for the test set. */
export interface Scored {
  origin: Omit<Subject, 'scorecard'>;
  predictions: Predictions;
}

export interface ScoredChampion extends Scored {
  /** What it was trained on; null when that is not known. */
  dataset: Dataset | null;
}

/** A champion that serves but could not be scored on this test set. */
export interface Unusable {
  /** A full sentence. */
  unusable: string;
}

export interface EvaluationInput {
  model: { name: string; layer: string };
  runId: string;
  createdAt: Date;
  testing: boolean;
  objective: string;
  tuningMetric: string;
  dataset: Dataset;
  datasetUri: string;
  /** Of the CSV that was really scored, when it was read here. */
  testSha256?: string;
  labels: Float32Array;
  /** The rows that were scored, without the label, when they are at hand: for the errors by feature. */
  features?: Matrix;
  candidate: Scored;
  /** Null when nothing serves yet. */
  champion: ScoredChampion | Unusable | null;
  championEnvironment: string | null;
  championNote: string | null;
  gates: Gate[];
}

/**
 * Puts the evaluation of a run together. Pure and repeatable: the bootstrap is seeded by the run's id.
 * A champion that cannot be compared never hides the candidate: it is left out with the reason, and gates that ask
 * for a comparison fail.
 * @throws WarmstartError `evaluation.…` when the candidate's predictions do not fit the test set
 */
export function buildEvaluation(input: EvaluationInput): Evaluation {
  return finish(evaluationSteps(input));
}

/** {@link buildEvaluation} in steps: with a champion it computes for about a second. */
export function* evaluationSteps(input: EvaluationInput): Steps<Evaluation> {
  const { labels, objective, dataset } = input;
  const { kind } = objectiveOf(objective);
  const candidate = prepared(kind, objective, input.candidate);
  const { champion, unusable } = usableChampion(kind, input);
  yield;
  const cards = yield* scorecardSteps(kind, labels, [candidate.predictions, champion?.predictions]);
  const subjects = [candidate.predictions, ...(champion ? [champion.predictions] : [])];
  const [byFeature, championByFeature] = yield* featureErrors(kind, input, subjects);
  const card: Scorecard = { ...cards[0], ...(byFeature && { features: byFeature }) };
  const championCard: Scorecard | null = cards[1] && {
    ...cards[1],
    ...(championByFeature && { features: championByFeature }),
  };
  yield;
  const moved = champion?.dataset ? drift(dataset, champion.dataset) : [];
  return {
    formatVersion: 1,
    model: input.model.name,
    layer: input.model.layer,
    runId: input.runId,
    createdAt: input.createdAt.toISOString(),
    testing: input.testing,
    kind,
    objective,
    tuningMetric: input.tuningMetric,
    dataset: {
      s3Uri: input.datasetUri,
      test: {
        s3Uri: dataset.parts.test.s3Uri,
        rows: labels.length,
        sha256: input.testSha256 ?? dataset.parts.test.sha256,
      },
    },
    candidate: { ...candidate.origin, scorecard: card },
    champion: champion && championCard && { ...champion.origin, scorecard: championCard },
    championEnvironment: input.championEnvironment,
    championNote: unusable ?? input.championNote,
    differences:
      champion && championCard
        ? yield* differenceSteps(
            kind,
            labels,
            { predictions: candidate.predictions, metrics: card.metrics },
            { predictions: champion.predictions, metrics: championCard.metrics },
            { seed: seedOf(input.runId) },
          )
        : [],
    // No metrics is not the same as no champion: what serves but was not measured fails the comparison.
    gates: checkGates(input.gates, card.metrics, unusable === null ? (championCard?.metrics ?? null) : {}),
    drift: moved,
    warnings: warningsOf({ ...input, kind, candidate, champion, unusable, drift: moved }),
  };
}

/** Nothing when the rows are not at hand, or are not those that the dataset tells of. */
function* featureErrors(
  kind: Kind,
  { labels, features, dataset }: EvaluationInput,
  subjects: Predictions[],
): Steps<NonNullable<Scorecard['features']>[]> {
  const profiles = dataset.columns.slice(1);
  if (features?.rows !== labels.length || features.columns !== profiles.length) return [];
  return yield* featureErrorSteps(kind, labels, features, profiles, subjects);
}

function prepared<S extends Scored>(kind: Kind, objective: string, scored: S): S {
  return { ...scored, predictions: comparable(kind, objective, scored.predictions) };
}

function usableChampion(
  kind: Kind,
  { champion, labels, objective }: EvaluationInput,
): { champion: ScoredChampion | null; unusable: string | null } {
  if (!champion) return { champion: null, unusable: null };
  if ('unusable' in champion) return { champion: null, unusable: champion.unusable };
  const ready = prepared(kind, objective, champion);
  try {
    checkPredictions(kind, labels, ready.predictions);
    return { champion: ready, unusable: null };
  } catch (error) {
    // Wrong labels are the candidate's trouble as well, and are thrown when it is scored.
    if (error instanceof WarmstartError) return { champion: null, unusable: error.message };
    throw error;
  }
}
