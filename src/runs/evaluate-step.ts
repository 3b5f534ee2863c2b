import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { parseS3Uri, type Store } from '../aws/store';
import { WarmstartError } from '../errors';
import { documentText } from '../evaluation/document';
import { type EvaluationInput, evaluationSteps } from '../evaluation/evaluate';
import { largestLocalTestSet, readTestSet, type TestSet } from '../evaluation/local';
import { chooseProbes, type Probe, probeFile } from '../registry/probes';
import type { Version } from '../registry/versions';
import { inSlices } from '../steps';
import { tuningObjective } from '../tuning/hyperparameters';
import type { Dataset } from '../warehouse/dataset';
import { parseCsv, splitLabel } from '../xgboost/csv';
import { findChampion } from './champion';
import { localDirectory, readDataset } from './export-step';
import { type EvaluateResult, resultOf } from './record';
import type { StepScene } from './scene';
import { featuresOf, type ScoredContestant, scoreContestant } from './score';

/** Scores the candidate and the version that serves on the same test set, and writes `evaluation.json` and the probes. */
export async function evaluateStep(scene: StepScene): Promise<EvaluateResult> {
  const { model, run, store, task } = scene;
  const dataset = await readDataset(scene);
  const { best } = resultOf(run, 'tune');
  if (!best) throw new WarmstartError('run.broken', `Run ${run.runId} has no best training job.`);
  const testSet =
    dataset.parts.test.bytes <= largestLocalTestSet
      ? await readTestSet(await openTest(scene, dataset))
      : undefined;
  const candidate = await scoreContestant(
    scene,
    { role: 'candidate', trainingJob: best.trainingJob, artifactUri: best.artifactUri, image: best.image },
    dataset,
    testSet,
  );
  const { version, environment, note } = await findChampion(scene);
  const evaluation = await inSlices(
    evaluationSteps({
      model,
      runId: run.runId,
      createdAt: task.now(),
      testing: run.testing,
      objective: model.training.objective,
      tuningMetric: tuningObjective(model).MetricName,
      dataset,
      datasetUri: resultOf(run, 'export').datasetUri,
      ...(testSet ? { testSha256: testSet.sha256, features: testSet.features } : {}),
      labels: candidate.labels,
      candidate,
      champion: version ? await scoreChampion(scene, version, dataset, testSet) : null,
      championEnvironment: environment,
      championNote: note,
      gates: model.evaluation.gates,
    }),
  );
  const probes = await probesOf(scene, candidate, dataset, testSet);
  const folder = `evaluations/${model.layer}/${model.name}/${run.runId}`;
  const file = probeFile({ model: model.name, trainingJob: best.trainingJob, probes });
  const json = { contentType: 'application/json' };
  await store.put(`${folder}/probes.json`, file.text, json);
  await store.put(`${folder}/evaluation.json`, documentText(evaluation), json);
  for (const gate of evaluation.gates) {
    task.report({
      step: 'evaluate',
      message: `${gate.passed ? 'gate passed' : 'gate failed'}: ${gate.reason}`,
    });
  }
  return {
    evaluationUri: store.uri(`${folder}/evaluation.json`),
    probes: { s3Uri: store.uri(`${folder}/probes.json`), sha256: file.sha256 },
    gatesPassed: evaluation.gates.every((gate) => gate.passed),
    metrics: evaluation.candidate.scorecard.metrics,
    championMetrics: evaluation.champion?.scorecard.metrics ?? null,
  };
}

/** A champion that cannot be scored never hides the candidate: the reason goes into the report instead. */
async function scoreChampion(
  scene: StepScene,
  version: Version,
  dataset: Dataset,
  testSet: TestSet | undefined,
): Promise<EvaluationInput['champion']> {
  const before = await championDataset(scene.store, version);
  try {
    const scored = await scoreContestant(
      scene,
      {
        role: 'champion',
        trainingJob: version.trainingJob ?? version.arn,
        artifactUri: version.artifact.s3Uri,
        image: version.image ?? '',
        packageArn: version.arn,
        version: version.version,
        ...(before ? { features: featuresOf(before) } : {}),
      },
      dataset,
      testSet,
    );
    return { ...scored, dataset: before };
  } catch (error) {
    if (error instanceof WarmstartError && /^(evaluation|xgboost)\./.test(error.code)) {
      return {
        unusable: `Version ${version.version}, which serves, could not be scored on this test set: ${error.message}`,
      };
    }
    throw error;
  }
}

async function championDataset(store: Store, version: Version): Promise<Dataset | null> {
  if (version.dataset === null) return null;
  const { bucket, key } = parseS3Uri(version.dataset);
  return bucket === store.bucket ? ((await store.getJson<Dataset>(key)) ?? null) : null;
}

/** The test set as the machine has it that exported it, or as S3 has it. */
async function openTest(scene: StepScene, dataset: Dataset): Promise<Readable> {
  const local = join(localDirectory(scene), 'test.csv');
  if (existsSync(local)) return createReadStream(local);
  return (await scene.store.stream(parseS3Uri(dataset.parts.test.s3Uri).key)).body;
}

/** Enough rows of a test set that does not fit into memory to choose probes from. */
const headBytes = 2 ** 20;

async function probesOf(
  scene: StepScene,
  { predictions }: ScoredContestant,
  dataset: Dataset,
  testSet: TestSet | undefined,
): Promise<Probe[]> {
  const features =
    testSet?.features ?? splitLabel(parseCsv(await headOf(await openTest(scene, dataset)))).features;
  const values = predictions.values.subarray(0, features.rows * predictions.outputs);
  return chooseProbes(features, values, scene.model.evaluation.probes);
}

async function headOf(stream: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= headBytes) break;
  }
  stream.destroy();
  const head = Buffer.concat(chunks);
  return size < headBytes ? head : head.subarray(0, head.lastIndexOf(10) + 1);
}
