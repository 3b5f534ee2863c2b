import { parseS3Uri, Store } from '../aws/store';
import { WarmstartError } from '../errors';
import { evaluationSteps, type Scored } from '../evaluation/evaluate';
import {
  alignFeatures,
  largestLocalTestSet,
  readTestSet,
  reasonsNotLocal,
  scoreLocally,
  type TestSet,
} from '../evaluation/local';
import type { Evaluation } from '../evaluation/report';
import { featuresOf, openStored } from '../runs/score';
import { inSlices } from '../steps';
import type { Dataset } from '../warehouse/dataset';
import type { BaselineFacts, ModelFacts, VersionFacts } from './facts';
import { againstOf } from './measured';
import { count, nameOf } from './phrases';
import type { ComparisonScene, Reader } from './reader';

/**
 * Scores the baseline on the test set of each candidate that was not measured beside it, in this process, so that their
 * difference is of the same rows. Nothing is written; what cannot be measured here stays as it was, with a note.
 */
export async function measureOnSameRows(reader: Reader, facts: ModelFacts): Promise<ModelFacts> {
  const { baseline } = facts;
  if (!baseline) return facts;
  const notes = [...facts.notes];
  const candidates: VersionFacts[] = [];
  // One after another: each may hold a test set of half a gibibyte.
  for (const candidate of facts.candidates) {
    candidates.push(
      againstOf(candidate, baseline).intervals.size > 0
        ? candidate
        : await measured(reader, facts, candidate, baseline, notes),
    );
  }
  return { ...facts, candidates, notes };
}

async function measured(
  reader: Reader,
  facts: ModelFacts,
  candidate: VersionFacts,
  baseline: BaselineFacts,
  notes: string[],
): Promise<VersionFacts> {
  const rows = `the test set of version ${candidate.version.version}`;
  const evaluation = await reader.attempt(
    notes,
    rows,
    () => evaluatedOnce(reader.scene, facts, candidate, baseline),
    (why) => `${capital(nameOf(baseline))} could not be measured on ${rows}: ${why}`,
  );
  if (!evaluation) return candidate;
  notes.push(
    `${capital(nameOf(baseline))} was measured here on ${rows}, ${count(evaluation.dataset.test.rows)}; nothing was written.`,
  );
  return { ...candidate, evaluation };
}

/** Artifacts and test sets do not change under their hashes, so that they need be scored once only. */
async function evaluatedOnce(
  scene: ComparisonScene,
  facts: ModelFacts,
  candidate: VersionFacts,
  baseline: BaselineFacts,
): Promise<Evaluation> {
  const key = JSON.stringify([candidate, baseline].map(({ version }) => [version.arn, version.artifact]));
  const known = scene.measured?.get(key);
  const made = known ?? (await evaluated(scene, facts, candidate, baseline));
  scene.measured?.set(key, made);
  return { ...made, championEnvironment: baseline.environment };
}

/** The candidate's evaluation as it would be with this baseline as the champion; its gates are still those of its time. */
async function evaluated(
  scene: ComparisonScene,
  { model, group }: ModelFacts,
  candidate: VersionFacts,
  baseline: BaselineFacts,
): Promise<Evaluation> {
  const { version, dataset, evaluation } = candidate;
  if (!dataset) throw refusal(`the dataset of version ${version.version} is not known.`);
  const objective = evaluation?.objective ?? model?.training.objective;
  if (objective === undefined) throw refusal(`nobody knows what version ${version.version} predicts.`);
  const test = await readTest(scene, dataset, evaluation);
  const [ours, theirs] = [
    await scoreHere(scene, candidate, dataset, test, undefined),
    await scoreHere(scene, baseline, dataset, test, baseline.dataset ?? undefined),
  ];
  const made = await inSlices(
    evaluationSteps({
      model: {
        name: evaluation?.model ?? model?.name ?? group,
        layer: evaluation?.layer ?? model?.layer ?? '',
      },
      runId: evaluation?.runId ?? version.runId ?? version.arn,
      createdAt: scene.task.now(),
      testing: version.testing,
      objective,
      tuningMetric: evaluation?.tuningMetric ?? '',
      dataset,
      datasetUri: version.dataset ?? '',
      testSha256: test.sha256,
      labels: test.labels,
      features: test.features,
      candidate: ours,
      champion: { ...theirs, dataset: baseline.dataset },
      championEnvironment: baseline.environment,
      championNote: null,
      gates: [],
    }),
  );
  if (!made.champion) throw refusal(made.championNote ?? 'it cannot be compared.');
  return { ...made, gates: evaluation?.gates ?? [] };
}

/** The rows as they were when the candidate was evaluated; others would answer another question. */
async function readTest(
  { session, task }: ComparisonScene,
  { parts: { test } }: Dataset,
  evaluation: Evaluation | null,
): Promise<TestSet> {
  if (test.bytes > largestLocalTestSet) throw refusal('it is too large for this machine.');
  const { bucket, key } = parseS3Uri(test.s3Uri);
  const { body } = await new Store(session, bucket).stream(key, { signal: task.signal });
  const read = await readTestSet(body);
  if (read.sha256 !== (evaluation?.dataset.test.sha256 ?? test.sha256)) {
    throw refusal(`${test.s3Uri} is not the file any more that was measured on.`);
  }
  return read;
}

/** @param trained the dataset of the version, where it has other columns than the test set */
async function scoreHere(
  { session }: ComparisonScene,
  { version }: VersionFacts,
  dataset: Dataset,
  test: TestSet,
  trained: Dataset | undefined,
): Promise<Scored> {
  const { artifact, image, trainingJob, arn } = version;
  const { opened, etag } = await openStored(session, artifact.s3Uri);
  if (artifact.sha256 !== null && artifact.sha256 !== opened.sha256) {
    throw refusal(`${artifact.s3Uri} is not the artifact any more that version ${version.version} names.`);
  }
  const reasons = reasonsNotLocal({
    image: image ?? '',
    testBytes: dataset.parts.test.bytes,
    model: opened,
  });
  if (!opened.artifact || reasons.length > 0) {
    throw refusal(`version ${version.version} cannot be scored in this process. ${reasons.join(' ')}`.trim());
  }
  const have = featuresOf(dataset);
  const features = alignFeatures(test.features, have, trained ? featuresOf(trained) : have);
  return {
    origin: {
      trainingJob: trainingJob ?? arn,
      artifact: { s3Uri: artifact.s3Uri, etag, sha256: opened.sha256 },
      image: image ?? '',
      packageArn: arn,
      version: version.version,
      engine: 'local',
    },
    predictions: await scoreLocally(opened.artifact, features, image ?? ''),
  };
}

function refusal(why: string): WarmstartError {
  return new WarmstartError('comparison.not-measured', why, { kind: 'refused' });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
