import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { modelOf } from '../../src/project/project';
import { decide } from '../../src/registry/approval';
import { ensureGroup, ensureGroupReadable } from '../../src/registry/groups';
import { type Probe, probeFile } from '../../src/registry/probes';
import { registerVersion, registrationRequest } from '../../src/registry/register';
import type { Version } from '../../src/registry/versions';
import { invoke } from '../../src/release/verify';
import { quietTask } from '../../src/task';
import { evaluation } from '../unit/registry/fixtures';
import type { Loop } from './harness';

const repository = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost';
const fixtures = resolve(__dirname, '../fixtures/xgboost');

/** A model that a real XGBoost saved and scored: the file, and rows with what it predicts for them. */
export interface Saved {
  /** Such as `1.7.4/logistic.bin`. */
  file: string;
  /** The container of the version; that of the file when absent. */
  image?: string;
  /** What the probes claim instead of the truth. */
  claim?: (prediction: number) => number;
  testing?: boolean;
}

export function fixture(path: string): Buffer {
  return readFileSync(resolve(fixtures, path));
}

export async function archiveOf(model: Buffer): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'xgboost-model' }, model);
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}

/** The first rows of the fixtures and what the file predicts for them. */
export function rowsOf(file: string, count = 3): { csv: string; predictions: number[]; probes: Probe[] } {
  const [, folder, model] = /^([\d.]+)\/(\w+)\./.exec(file) ?? [];
  const lines = fixture(`${folder}/features.csv`).toString().trim().split('\n').slice(0, count);
  const predictions = fixture(`${folder}/${model}.predictions.csv`)
    .toString()
    .trim()
    .split('\n')
    .slice(0, count)
    .map((line) => Math.fround(Number(line)));
  const probes = lines.map((line, i) => ({
    row: line.split(',').map((cell) => (cell === '' ? null : Number(cell))),
    expected: [predictions[i] as number],
  }));
  return { csv: lines.join('\n'), predictions, probes };
}

/** What a caller gets for the first rows of the fixtures. */
export async function answersOf(
  loop: Loop,
  environment: string,
  targetModel: string,
  endpoint = 'flights',
): Promise<number[]> {
  const { csv } = rowsOf('1.7.4/logistic.bin');
  return invoke(await loop.session(environment), endpoint, targetModel, csv);
}

/** That a caller gets what XGBoost itself predicts with a saved model, to the last bit of float32. */
export async function assertServes(
  loop: Loop,
  environment: string,
  targetModel: string,
  file: string,
): Promise<void> {
  const answers = await answersOf(loop, environment, targetModel);
  assert.deepEqual(answers.map(Math.fround), rowsOf(file).predictions, `${targetModel} serves ${file}`);
}

let published = 0;

/** Registers a saved model as the next version of a model of the sample project, as a run does in the end. */
export async function publish(loop: Loop, name: string, saved: Saved): Promise<Version> {
  const project = await loop.project();
  const model = modelOf(project, name);
  const session = await loop.session();
  const store = await loop.store();
  const job = `published-${++published}`;
  const key = `output/${job}/output/model.tar.gz`;
  const { etag } = await store.put(key, await archiveOf(fixture(saved.file)));
  const { claim = (prediction) => prediction } = saved;
  const probes = rowsOf(saved.file).probes.map(({ row, expected }) => ({
    row,
    expected: expected.map(claim),
  }));
  const { text, sha256 } = probeFile({ model: name, trainingJob: job, probes });
  const probesKey = `evaluations/flights/${name}/${job}/probes.json`;
  await store.put(probesKey, text);
  await ensureGroup(session, model, project.registry);
  const accounts = project.environments.map((environment) => environment.accountId);
  await ensureGroupReadable(session, project.registry, model.packageGroup, accounts);
  const { version } = await registerVersion(
    session,
    project.registry,
    registrationRequest({
      registry: project.registry,
      model,
      evaluation: {
        ...evaluation,
        testing: saved.testing ?? false,
        candidate: {
          ...evaluation.candidate,
          trainingJob: job,
          artifact: { s3Uri: store.uri(key), etag, sha256: 'f00d' },
          image: `${repository}:${saved.image ?? imageTagOf(saved.file)}`,
        },
      },
      evaluationUri: store.uri(`evaluations/flights/${name}/${job}/evaluation.json`),
      tuningJob: job,
      probes: { s3Uri: store.uri(probesKey), sha256 },
      git: undefined,
    }),
    quietTask(),
  );
  return version;
}

/** Registers and approves. */
export async function approved(loop: Loop, name: string, saved: Saved): Promise<Version> {
  return decided(loop, await publish(loop, name, saved), 'Approved');
}

export async function decided(
  loop: Loop,
  version: Version,
  decision: 'Approved' | 'Rejected',
): Promise<Version> {
  const request = { arn: version.arn, decision, comment: 'a test', expect: version, by: 'test' };
  return decide(await loop.session(), request);
}

function imageTagOf(file: string): string {
  return file.startsWith('3.0.5') ? '3.0-5' : '1.7-1';
}
