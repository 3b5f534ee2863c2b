import type { Readable } from 'node:stream';
import {
  CreateModelCommand,
  CreateTransformJobCommand,
  DeleteModelCommand,
  DescribeTransformJobCommand,
  type DescribeTransformJobCommandOutput,
  type SageMakerClient,
  StopTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import { isAlreadyExists, isNotFound } from '../aws/errors';
import { waitFor } from '../aws/wait';
import { Cancelled, messageOf, WarmstartError } from '../errors';
import type { Task } from '../task';
import type { Predictions } from '../xgboost/predict';
import { parseTransformOutput } from './transform-output';
import {
  modelRequest,
  outputUri,
  type TransformRequest,
  transformName,
  transformRequest,
} from './transform-requests';

export interface TransformScene {
  sagemaker: Pick<SageMakerClient, 'send'>;
  /** The bytes of an object in S3. */
  read(s3Uri: string): Promise<Readable>;
  task: Task;
}

const mostAttempts = 9;
const deadlineSeconds = 86_400;

/**
 * Scores the test set in SageMaker with the model's own image. Called again after an interruption it finds its job and
 * goes on; a job that failed or was stopped is tried anew. The model that the job needs is deleted in every case, and
 * the job is stopped when the task is cancelled.
 * @throws WarmstartError `evaluation.transform-failed` with SageMaker's reason, `evaluation.transform-output`
 */
export async function scoreByBatchTransform(
  scene: TransformScene,
  request: TransformRequest,
): Promise<{ labels: Float32Array; predictions: Predictions }> {
  const { sagemaker, task } = scene;
  const { name, exists } = await currentAttempt(sagemaker, request);
  try {
    if (!exists) await start(scene, request, name);
    const job = await waitFor(
      task,
      () => sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: name })),
      ({ TransformJobStatus: status }) =>
        status === 'Completed' ||
        status === 'Failed' ||
        status === 'Stopped' ||
        `Transform job ${name}: ${status}.`,
      { what: `transform job ${name}`, deadlineSeconds, step: 'evaluate' },
    );
    if (job.TransformJobStatus !== 'Completed') throw failed(name, job);
  } catch (error) {
    if (error instanceof Cancelled) {
      await tidy(task, () => sagemaker.send(new StopTransformJobCommand({ TransformJobName: name })));
    }
    throw error;
  } finally {
    await tidy(task, () => sagemaker.send(new DeleteModelCommand({ ModelName: name })));
  }
  return parseTransformOutput(await scene.read(outputUri(request, name)), request.outputs);
}

/** The first name whose job does not exist yet or has not ended badly. */
async function currentAttempt(
  sagemaker: TransformScene['sagemaker'],
  request: TransformRequest,
): Promise<{ name: string; exists: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const name = transformName(request, attempt);
    const job = await unless(isNotFound, () =>
      sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: name })),
    );
    if (!job) return { name, exists: false };
    const endedBadly = job.TransformJobStatus === 'Failed' || job.TransformJobStatus === 'Stopped';
    if (!endedBadly || attempt === mostAttempts) return { name, exists: true };
  }
}

async function start(
  { sagemaker, task }: TransformScene,
  request: TransformRequest,
  name: string,
): Promise<void> {
  if (task.signal.aborted) throw new Cancelled();
  await unless(isAlreadyExists, () => sagemaker.send(new CreateModelCommand(modelRequest(request, name))));
  await unless(isAlreadyExists, () =>
    sagemaker.send(new CreateTransformJobCommand(transformRequest(request, name))),
  );
  task.report({ step: 'evaluate', message: `Started transform job ${name} for the ${request.subject}.` });
}

/** The answer, or undefined when the call fails as foreseen. */
async function unless<T>(
  foreseen: (error: unknown) => boolean,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (foreseen(error)) return undefined;
    throw error;
  }
}

/** Cleaning up must not hide why the work ended; what is left behind is reported. */
async function tidy(task: Task, call: () => Promise<unknown>): Promise<void> {
  try {
    await unless(isNotFound, call);
  } catch (error) {
    task.report({ step: 'evaluate', message: `Left behind after the transform job: ${messageOf(error)}` });
  }
}

function failed(name: string, job: DescribeTransformJobCommandOutput): WarmstartError {
  const stopped = job.TransformJobStatus === 'Stopped';
  return new WarmstartError(
    'evaluation.transform-failed',
    stopped
      ? `Transform job ${name} was stopped.`
      : `Transform job ${name} failed: ${job.FailureReason ?? 'no reason given'}`,
    {
      remedy: `Read its log: group /aws/sagemaker/TransformJobs, streams that begin with ${name}. Then resume the run.`,
    },
  );
}
