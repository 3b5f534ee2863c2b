import type { Channel } from '@aws-sdk/client-sagemaker';
import { parseCsv, splitLabel } from '../../xgboost/csv';
import type { Matrix } from '../../xgboost/matrix';
import type { Valid } from '../protocol/types';
import { readLibsvm } from '../runtime/libsvm';
import type { Caller, ObjectInfo, Objects } from '../service';
import { ServiceError } from '../service';
import type { LabelledMatrix } from '../training/contract';
import { clientError } from '../training/failure';
import { parseS3 } from './artifacts';
import { validationError } from './errors';

type InputChannel = Valid<Channel>;

/**
 * Whether every S3 channel has objects, as it is checked before a job is made.
 * @throws ServiceError ValidationException "No S3 objects found under S3 URL …"
 */
export async function checkChannels(
  objects: Objects,
  role: Caller,
  roleArn: string,
  channels: InputChannel[],
): Promise<void> {
  const names = channels.map((each) => each.ChannelName);
  if (new Set(names).size < names.length) {
    throw validationError(`Channel names must be unique: ${names.join(', ')}`);
  }
  for (const channel of channels) {
    const uri = channel.DataSource.S3DataSource?.S3Uri;
    if (uri === undefined) throw validationError(`The channel ${channel.ChannelName} has no S3DataSource.`);
    const { bucket, key } = parseS3(uri);
    let problem = '';
    try {
      if ((await objects.list(role, bucket, key)).length > 0) continue;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      problem = ` Error message from S3: ${error.message}`;
    }
    throw validationError(
      `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists ` +
        `in the selected region (${role.region}), that objects exist under that S3 prefix, and that the role ` +
        `"${roleArn}" has "s3:ListBucket" permissions on bucket "${bucket}".${problem}`,
    );
  }
}

/** Datasets parsed last: training jobs of one tuning job all read the same. */
const recent = new Map<string, LabelledMatrix>();
const KEPT = 4;

/**
 * Reads a channel as the container does: all objects under the prefix, label first.
 * @throws WarmstartError with the container's "ClientError: …"
 */
export async function readChannel(
  objects: Objects,
  role: Caller,
  channel: InputChannel,
  weighted: boolean,
): Promise<LabelledMatrix> {
  const type = contentTypeOf(channel.ContentType);
  const uri = channel.DataSource.S3DataSource?.S3Uri ?? '';
  const { bucket, key } = parseS3(uri);
  const found = await objects.list(role, bucket, key);
  const files = found.filter((each) => !/(^|\/)[._][^/]*$|\/$/.test(each.key.slice(key.length)));
  if (files.length === 0) throw clientError(`No data found in channel path ${uri}.`);
  const id = JSON.stringify([type, weighted, bucket, files.map((each) => [each.key, each.etag])]);
  const known = recent.get(id);
  if (known) return known;
  const parts = await Promise.all(files.map((file) => readFile(objects, role, bucket, file, type)));
  const data = labelled(joined(parts), weighted && type === 'csv');
  recent.set(id, data);
  for (const oldest of recent.keys()) {
    if (recent.size <= KEPT) break;
    recent.delete(oldest);
  }
  return data;
}

type Format = 'csv' | 'libsvm';

/** Without a content type the container takes libsvm (sagemaker.md B4). */
function contentTypeOf(contentType: string | undefined): Format {
  const [media = '', ...parameters] = (contentType ?? 'text/libsvm').toLowerCase().split(';');
  const type = media.trim();
  if (['libsvm', 'text/libsvm', 'text/x-libsvm'].includes(type)) return 'libsvm';
  if (['csv', 'text/csv'].includes(type)) {
    const size = /label_size\s*=\s*(\S+)/.exec(parameters.join(';'))?.[1];
    if (size !== undefined && size !== '1') {
      throw clientError(
        `${contentType} is not an accepted csv ContentType. Optional parameter label_size must be equal to 1`,
      );
    }
    return 'csv';
  }
  throw clientError(
    `${contentType} is not an accepted ContentType: csv, libsvm, parquet, recordio-protobuf.`,
  );
}

async function readFile(
  objects: Objects,
  role: Caller,
  bucket: string,
  file: ObjectInfo,
  type: Format,
): Promise<Matrix> {
  const { body } = await objects.read(role, bucket, file.key);
  const name = file.key.split('/').at(-1) ?? '';
  checkFirstLine(body, name, type);
  try {
    return type === 'csv' ? parseCsv(body) : readLibsvm(body);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw clientError(`Failed to load ${type} data with exception:\n${error.message}`);
  }
}

/** The container looks at nothing but the first line before it loads a file. */
function checkFirstLine(body: Buffer, name: string, type: Format): void {
  const line = body.subarray(0, 4096).toString('utf8').split(/\r?\n/)[0] ?? '';
  const fits =
    type === 'csv' ? !/^\S+\s+\d+:/.test(line) && line.trim() !== '' : /^\S+(\s+\S+:\S+)+\s*$/.test(line);
  if (fits) return;
  throw clientError(
    `First line '${line.slice(0, 50)}...' of file '${name}' is not '${type}' format. Please ensure the file is in ` +
      `'${type}' format.`,
  );
}

function joined(parts: Matrix[]): Matrix {
  const [first] = parts;
  if (!first) throw clientError('No data found.');
  if (parts.length === 1) return first;
  const columns = Math.max(...parts.map((each) => each.columns));
  const rows = parts.reduce((sum, each) => sum + each.rows, 0);
  const values = new Float32Array(rows * columns).fill(Number.NaN);
  let at = 0;
  for (const part of parts) {
    for (let row = 0; row < part.rows; row++, at++) {
      values.set(part.values.subarray(row * part.columns, (row + 1) * part.columns), at * columns);
    }
  }
  return { rows, columns, values };
}

/** Label first; with `csv_weights` the weight second. In shared memory, so that training threads need no copy. */
function labelled(matrix: Matrix, weighted: boolean): LabelledMatrix {
  const { labels, features } = splitLabel(matrix);
  if (!weighted)
    return { labels: shared(labels), features: { ...features, values: shared(features.values) } };
  const second = splitLabel(features);
  return {
    labels: shared(labels),
    weights: shared(second.labels),
    features: { ...second.features, values: shared(second.features.values) },
  };
}

function shared(values: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
