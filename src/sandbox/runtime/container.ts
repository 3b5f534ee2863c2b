import { messageOf, WarmstartError } from '../../errors';
import type { Artifact } from '../../xgboost/artifact';
import { predictArtifact, readArtifact } from '../../xgboost/artifact';
import { canServe } from '../../xgboost/compatibility';
import { parseCsv } from '../../xgboost/csv';
import type { Matrix } from '../../xgboost/matrix';
import { ContainerError } from './container-error';
import { parseLibsvm } from './libsvm';
import type { Rows } from './output';

/** A model in a worker's memory, or why it cannot be loaded: that shows with the first call only. */
export interface ServedModel {
  artifact?: Artifact;
  problem?: string;
  /** The image's XGBoost version. */
  version: string;
}

/** Reads an artifact as the container of `version` does. Never throws for what the artifact holds. */
export async function loadModel(archive: Buffer, version: string): Promise<ServedModel> {
  try {
    const artifact = await readArtifact(archive);
    const first = artifact.boosters[0];
    const verdict = canServe(artifact.format, first?.version ?? null, version);
    return verdict.ok ? { artifact, version } : { problem: verdict.why, version };
  } catch (error) {
    if (!(error instanceof WarmstartError)) throw error;
    return { problem: error.message, version };
  }
}

const CSV = ['text/csv', 'csv'];
const LIBSVM = ['text/libsvm', 'text/x-libsvm'];

/** The predictions for a request body. @throws ContainerError as the container answers */
export function score(model: ServedModel, body: Buffer, contentType: string): Rows {
  if (!model.artifact) throw new ContainerError(500, `Unable to load model: ${model.problem}`);
  const features = decode(body, contentType);
  const expected = model.artifact.boosters[0]?.numFeature ?? 0;
  checkFeatures(model.artifact, features, CSV.includes(mediaType(contentType)), expected);
  try {
    const { rows, outputs, values } = predictArtifact(model.artifact, features, {
      servingVersion: model.version,
    });
    return { rows, outputs, values };
  } catch (error) {
    throw new ContainerError(400, `Unable to evaluate payload provided: ${messageOf(error)}`);
  }
}

export function mediaType(contentType: string): string {
  return contentType.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** @throws ContainerError 415 for a content type the container cannot read, 400 for a body it cannot parse */
function decode(body: Buffer, contentType: string): Matrix {
  const type = mediaType(contentType);
  const [read, name] = CSV.includes(type)
    ? [parseCsv, 'csv']
    : LIBSVM.includes(type)
      ? [parseLibsvm, 'libsvm']
      : [undefined, ''];
  if (!read) throw unsupported(contentType);
  try {
    return read(body);
  } catch (error) {
    throw new ContainerError(
      400,
      `Unable to evaluate payload provided: Loading ${name} data failed with Exception, please ensure data is in ` +
        `${name} format:\n ${messageOf(error)}`,
    );
  }
}

export function unsupported(type: string): ContainerError {
  return new ContainerError(
    415,
    `Content type ${type} is not supported by this framework.\n\nPlease implement input_fn to to deserialize the ` +
      'request data or an output_fn to serialize the response. For more information, see the SageMaker Python SDK README.',
  );
}

/**
 * The container compares the number of columns: exactly for CSV, at most for libsvm. For pickled models CSV may have one
 * column less than the model (sagemaker.md B3).
 */
function checkFeatures(artifact: Artifact, features: Matrix, isCsv: boolean, expected: number): void {
  const { columns } = features;
  const pickled = artifact.format === 'pickle';
  const fits = isCsv ? columns === expected || (pickled && columns === expected - 1) : columns <= expected;
  if (fits) return;
  throw new ContainerError(
    400,
    `Unable to evaluate payload provided: Feature size of ${isCsv ? 'csv' : 'libsvm'} inference data ${columns} is ` +
      `not consistent with feature size of trained model ${expected}.`,
  );
}
