import type { Session } from '../aws/session';
import { parseS3Uri, Store } from '../aws/store';
import { WarmstartError } from '../errors';
import { scoreByBatchTransform } from '../evaluation/batch-transform';
import type { Scored } from '../evaluation/evaluate';
import {
  alignFeatures,
  chooseEngine,
  type OpenedModel,
  openModel,
  scoreLocally,
  type TestSet,
} from '../evaluation/local';
import { unquoted } from '../registry/metadata';
import type { Dataset } from '../warehouse/dataset';
import type { StepScene } from './scene';

/** A trained model that is to be scored on the run's test set. */
export interface Contestant {
  role: 'candidate' | 'champion';
  trainingJob: string;
  artifactUri: string;
  image: string;
  packageArn?: string;
  version?: number;
  /** Feature names in the order that the model was trained with; undefined when nobody knows. */
  features?: string[];
}

export interface ScoredContestant extends Scored {
  /** In the order of the test set. */
  labels: Float32Array;
}

/**
 * Scores one model on the run's test set: here, when its artifact can be read, else by Batch Transform with its own image.
 * @param testSet the test set in memory; undefined when it is too big for this machine
 */
export async function scoreContestant(
  scene: StepScene,
  contestant: Contestant,
  dataset: Dataset,
  testSet: TestSet | undefined,
): Promise<ScoredContestant> {
  const { session, model, task } = scene;
  const { opened, etag } = await openStored(session, contestant.artifactUri);
  const testBytes = dataset.parts.test.bytes;
  const { engine, reason } = chooseEngine(model.evaluation.engine, {
    image: contestant.image,
    testBytes,
    model: opened,
  });
  task.report({
    step: 'evaluate',
    message: `${contestant.role} ${contestant.trainingJob}: ${engine}. ${reason}`,
  });
  const scored =
    engine === 'local' && opened.artifact && testSet
      ? {
          labels: testSet.labels,
          predictions: await scoreLocally(
            opened.artifact,
            alignFeatures(testSet.features, featuresOf(dataset), contestant.features ?? featuresOf(dataset)),
            contestant.image,
          ),
        }
      : await inBatch(scene, contestant, dataset, opened.artifact?.boosters[0]?.outputs ?? 1);
  return {
    ...scored,
    origin: {
      trainingJob: contestant.trainingJob,
      artifact: { s3Uri: contestant.artifactUri, etag, sha256: opened.sha256 },
      image: contestant.image,
      engine,
      ...(contestant.packageArn === undefined ? {} : { packageArn: contestant.packageArn }),
      ...(contestant.version === undefined ? {} : { version: contestant.version }),
    },
  };
}

/**
 * Fetches an artifact and looks into it.
 * @throws WarmstartError `evaluation.no-artifact`
 */
export async function openStored(
  session: Session,
  artifactUri: string,
): Promise<{ opened: OpenedModel; etag: string }> {
  const { bucket, key } = parseS3Uri(artifactUri);
  const stored = await new Store(session, bucket).get(key);
  if (!stored) {
    throw new WarmstartError('evaluation.no-artifact', `${artifactUri} is not there any more.`, {
      remedy: 'Restore the object from its earlier S3 version, or retrain the model.',
    });
  }
  return { opened: await openModel(stored.body), etag: unquoted(stored.etag) };
}

/** Names of the features in the order of the CSV: all columns but the label. */
export function featuresOf(dataset: Dataset): string[] {
  return dataset.columns.slice(1).map((column) => column.name);
}

function inBatch(scene: StepScene, contestant: Contestant, dataset: Dataset, outputs: number) {
  const { session, store, project, model, run, task } = scene;
  return scoreByBatchTransform(
    {
      sagemaker: session.sagemaker(),
      read: async (uri) => {
        const { bucket, key } = parseS3Uri(uri);
        return (await new Store(session, bucket).stream(key)).body;
      },
      task,
    },
    {
      runId: run.runId,
      subject: contestant.role,
      image: contestant.image,
      artifactUri: contestant.artifactUri,
      environment: project.registry,
      instanceType: model.evaluation.transformInstanceType,
      testUri: dataset.parts.test.s3Uri,
      outputPrefix: store.uri(`evaluations/${model.layer}/${model.name}/${run.runId}/${contestant.role}/`),
      outputs,
    },
  );
}
