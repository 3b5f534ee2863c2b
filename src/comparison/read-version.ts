import { DescribeTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { parseS3Uri, Store } from '../aws/store';
import { WarmstartError } from '../errors';
import { readEvaluation } from '../evaluation/stored';
import type { Version } from '../registry/versions';
import { describeTuning } from '../tuning/job';
import type { Dataset } from '../warehouse/dataset';
import { deleted } from './deleted';
import type { VersionFacts } from './facts';
import type { ComparisonScene, Reader } from './reader';

/** All that is known of a version; what is not there is null, with a note. */
export async function readVersion(reader: Reader, version: Version, notes: string[]): Promise<VersionFacts> {
  const { scene } = reader;
  const name = `version ${version.version}`;
  const { trainingJob, tuningJob, dataset: datasetUri } = version;
  const own: Record<'evaluation' | 'dataset' | 'tuning' | 'training', string[]> = {
    evaluation: [],
    dataset: [],
    tuning: [],
    training: [],
  };
  const [evaluation, dataset, tuning, training] = await Promise.all([
    version.evaluationUri === null
      ? withoutEvaluation(version, own.evaluation)
      : reader.attempt(own.evaluation, `The evaluation of ${name}`, () =>
          readEvaluation(scene.store, version),
        ),
    datasetUri === null
      ? null
      : reader.attempt(own.dataset, `The dataset of ${name}`, () => readDataset(scene, datasetUri)),
    tuningJob === null
      ? null
      : reader.attempt(own.tuning, `Tuning job ${tuningJob} of ${name}`, () =>
          describeTuning(scene.session, tuningJob),
        ),
    trainingJob === null
      ? null
      : reader.attempt(own.training, `Training job ${trainingJob} of ${name}`, () =>
          scene.session.sagemaker().send(new DescribeTrainingJobCommand({ TrainingJobName: trainingJob })),
        ),
  ]);
  // In the order of weight, whichever answer came first.
  notes.push(...own.evaluation, ...own.dataset, ...own.tuning, ...own.training);
  return { version, evaluation, dataset, tuning, training };
}

function withoutEvaluation({ version, status }: Version, notes: string[]): null {
  // Of a deleted one, nobody knows what it was registered with.
  if (status !== deleted) notes.push(`Version ${version} was registered without an evaluation.`);
  return null;
}

async function readDataset({ session, store }: ComparisonScene, uri: string): Promise<Dataset> {
  const { bucket, key } = parseS3Uri(uri);
  const dataset = await (bucket === store.bucket ? store : new Store(session, bucket)).getJson<unknown>(key);
  if (dataset === undefined) {
    throw new WarmstartError('comparison.dataset', `${uri} is not there.`);
  }
  if (!isDataset(dataset)) {
    throw new WarmstartError('comparison.dataset', `${uri} is not a dataset of Warmstart.`);
  }
  return dataset;
}

/** As far as a comparison relies on it. */
function isDataset(value: unknown): value is Dataset {
  if (typeof value !== 'object' || value === null) return false;
  const { formatVersion, columns, query, parts, window, split }: Partial<Dataset> = value;
  return (
    formatVersion === 1 &&
    Array.isArray(columns) &&
    columns.every((column) => typeof column?.name === 'string' && typeof column.rows === 'number') &&
    typeof query?.text === 'string' &&
    typeof query.parameters === 'object' &&
    typeof window?.from === 'string' &&
    typeof split?.by === 'string' &&
    [parts?.train, parts?.validation, parts?.test].every((part) => typeof part?.rows === 'number')
  );
}
