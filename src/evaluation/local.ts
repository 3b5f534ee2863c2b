import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { WarmstartError } from '../errors';
import { isXGBoostImage, parseImage } from '../project/xgboost';
import { inSlices } from '../steps';
import { type Artifact, predictArtifactSteps, readArtifact } from '../xgboost/artifact';
import { readCsv, splitLabel } from '../xgboost/csv';
import type { Matrix } from '../xgboost/matrix';
import { transformOf } from '../xgboost/objective';
import type { Predictions } from '../xgboost/predict';

/** An artifact that was fetched and looked into, whether or not it can be scored here. */
export interface OpenedModel {
  sha256: string;
  bytes: number;
  /** Null when it cannot be scored in this process; then `problem` says why, as a full sentence. */
  artifact: Artifact | null;
  problem: string | null;
}

/** Reads a model.tar.gz. One that cannot be read or scored here is no failure: Batch Transform may still do it. */
export async function openModel(source: Readable | Uint8Array): Promise<OpenedModel> {
  const content = await bytesOf(source);
  const facts = { sha256: sha256(content), bytes: content.byteLength };
  try {
    const artifact = await readArtifact(content);
    for (const booster of artifact.boosters) transformOf(booster);
    return { ...facts, artifact, problem: null };
  } catch (error) {
    if (!(error instanceof WarmstartError && error.code.startsWith('xgboost.'))) throw error;
    return { ...facts, artifact: null, problem: error.message };
  }
}

/** A test set in memory; `sha256` is that of the CSV. */
export interface TestSet {
  labels: Float32Array;
  features: Matrix;
  sha256: string;
}

/**
 * Reads a test set: CSV without a header, the label first.
 * @throws WarmstartError `csv.…` naming row and column
 */
export async function readTestSet(source: Readable | Uint8Array): Promise<TestSet> {
  const hash = createHash('sha256');
  const matrix = await readCsv(Readable.from(hashed(source, hash), { objectMode: true }));
  return { ...splitLabel(matrix), sha256: hash.digest('hex') };
}

/** The chunks as they come, hashed in passing: a test set need not fit into memory as text as well. */
async function* hashed(source: Readable | Uint8Array, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    hash.update(chunk);
    yield chunk;
  }
}

/**
 * Scores a test set as the container of `image` would, to the last bit.
 * Slice by slice, since this may be VS Code's extension host.
 * @throws WarmstartError `xgboost.feature-count` when the model was trained with other columns
 */
export async function scoreLocally(
  artifact: Artifact,
  features: Matrix,
  image: string,
): Promise<Predictions> {
  const tag = parseImage(image)?.tag;
  return inSlices(predictArtifactSteps(artifact, features, tag ? { servingVersion: tag } : {}));
}

/**
 * The columns of a test set in the order that another model was trained with: XGBoost knows columns by
 * position only. `have` and `want` are feature names, without the label.
 * @throws WarmstartError `evaluation.features` when the test set lacks one that the model needs
 */
export function alignFeatures(features: Matrix, have: readonly string[], want: readonly string[]): Matrix {
  if (have.length === want.length && have.every((name, i) => name === want[i])) return features;
  const from = want.map((name) => have.indexOf(name));
  const lacking = want.filter((_, i) => from[i] === -1);
  if (lacking.length > 0) {
    throw new WarmstartError(
      'evaluation.features',
      `The test set lacks ${lacking.length === 1 ? 'a column' : 'columns'} that the model was trained with: ${lacking.join(', ')}.`,
      { remedy: 'Keep the column in the query for one more run to compare both models.' },
    );
  }
  const { rows, columns, values } = features;
  const aligned = new Float32Array(rows * want.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const column of from) aligned[at++] = values[row * columns + column]!;
  }
  return { rows, columns: want.length, values: aligned };
}

/** Beyond this a test set is scored by Batch Transform: in memory it takes about as much again. */
export const largestLocalTestSet = 512 * 2 ** 20;

export interface EngineFacts {
  image: string;
  /** Of the test set's CSV. */
  testBytes: number;
  model: Pick<OpenedModel, 'problem'>;
}

/** Why a model cannot be scored in this process, as full sentences; empty when it can. */
export function reasonsNotLocal(
  { image, testBytes, model }: EngineFacts,
  limit = largestLocalTestSet,
): string[] {
  const reasons: string[] = [];
  if (!isXGBoostImage(image)) reasons.push(`${image} is not SageMaker's XGBoost.`);
  else if (model.problem !== null) reasons.push(model.problem);
  if (testBytes > limit) {
    reasons.push(
      `The test set has ${mebibytes(testBytes)} MiB; up to ${mebibytes(limit)} MiB are scored here.`,
    );
  }
  return reasons;
}

/**
 * The engine that scores a model, and why it is not this process when it is not.
 * @throws WarmstartError `evaluation.not-local` when the project file insists on `local` and it cannot be
 */
export function chooseEngine(
  setting: 'auto' | 'local' | 'batch-transform',
  facts: EngineFacts,
): { engine: 'local' | 'batch-transform'; reason: string } {
  if (setting === 'batch-transform') return { engine: setting, reason: 'warmstart.json asks for it.' };
  const reasons = reasonsNotLocal(facts);
  if (reasons.length === 0) return { engine: 'local', reason: 'The artifact can be scored in this process.' };
  if (setting === 'auto') return { engine: 'batch-transform', reason: reasons.join(' ') };
  throw new WarmstartError('evaluation.not-local', `The model cannot be scored here. ${reasons.join(' ')}`, {
    kind: 'refused',
    remedy: 'Set "evaluation": { "engine": "auto" } in warmstart.json.',
  });
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}

async function bytesOf(source: Readable | Uint8Array): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
