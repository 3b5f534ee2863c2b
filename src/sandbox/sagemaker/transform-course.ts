import { randomBytes } from 'node:crypto';
import { messageOf } from '../../errors';
import type { ServedModel } from '../runtime/container';
import { loadModel, score } from '../runtime/container';
import { ContainerError } from '../runtime/container-error';
import { encodeBatch } from '../runtime/output';
import type { Caller, ObjectInfo } from '../service';
import { parseS3 } from './artifacts';
import type { Context } from './context';
import { findImage } from './images';
import { columnFilter } from './json-path';
import { containersOf } from './models';
import type { ModelRecord, TransformJobRecord } from './records';
import type { Scope } from './resources';
import { asRole } from './roles';
import { seconds } from './timing';

export function resumeTransformJobs(context: Context): void {
  for (const { scope, value } of context.transformJobs.all()) {
    if (value.TransformJobStatus === 'InProgress' || value.TransformJobStatus === 'Stopping')
      runTransformJob(context, scope, value.TransformJobName);
  }
}

/** Carries out a transform job, in the background. */
export function runTransformJob(context: Context, scope: Scope, name: string): void {
  const course = new TransformCourse(context, scope, name);
  course.run().catch((error: unknown) => course.fail(error));
}

class TransformCourse {
  readonly #instance = `i-0${randomBytes(8).toString('hex')}`;

  constructor(
    private readonly context: Context,
    private readonly scope: Scope,
    private readonly name: string,
  ) {}

  async run(): Promise<void> {
    // The instances keep the model as it was, even if it is deleted meanwhile.
    const model = this.context.models.get(this.scope, this.#job().ModelName);
    await this.context.clock.sleep(seconds.transformStart);
    if (this.#stopping()) return this.#end('Stopped');
    if (!model) throw new ContainerError(400, `Could not find model ${this.#job().ModelName}.`);
    this.#patch({ TransformStartTime: this.#now() });
    const role = asRole(model.ExecutionRoleArn ?? '', this.scope.region);
    const served = await this.#load(model, role);
    const { S3Uri } = this.#job().TransformInput.DataSource.S3DataSource;
    const { bucket, key } = parseS3(S3Uri);
    const files = (await this.context.objects.list(role, bucket, key)).filter(
      (each) => !each.key.endsWith('/'),
    );
    if (files.length === 0) throw new ContainerError(400, `No S3 objects found under S3 URL "${S3Uri}".`);
    for (const file of files) {
      if (this.#stopping()) return this.#end('Stopped');
      await this.#transform(served, role, bucket, key, file);
    }
    await this.context.clock.sleep(seconds.transformUpload);
    this.#end(this.#stopping() ? 'Stopped' : 'Completed');
  }

  fail(error: unknown): void {
    const known = error instanceof ContainerError;
    const kind = known && error.status >= 500 ? 'AlgorithmError' : 'ClientError';
    this.#log('data-log', [`${kind}: ${known ? error.status : 400}`, `Message: ${messageOf(error)}`]);
    this.#patch({ FailureReason: `${kind}: See job logs for more information` });
    this.#end('Failed');
  }

  async #load(model: ModelRecord, role: Caller): Promise<ServedModel> {
    const { Image = '', ModelDataUrl = '' } = containersOf(model)[0] ?? {};
    const image = findImage(Image);
    if (image.kind !== 'xgboost') throw new ContainerError(500, `The sandbox cannot run the image ${Image}.`);
    const { bucket, key } = parseS3(ModelDataUrl);
    return loadModel((await this.context.objects.read(role, bucket, key)).body, image.version);
  }

  /** One input object becomes `<its path below the prefix's folder>.out`. */
  async #transform(
    model: ServedModel,
    role: Caller,
    bucket: string,
    prefix: string,
    file: ObjectInfo,
  ): Promise<void> {
    const { TransformInput, TransformOutput } = this.#job();
    const { body } = await this.context.objects.read(role, bucket, file.key);
    const lines = transformed(this.#job(), model, body);
    const whole = TransformOutput?.AssembleWith === 'Line' ? `${lines.join('\n')}\n` : lines.join('\n');
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const output = (TransformOutput?.S3OutputPath ?? '').replace(/\/+$/, '');
    const target = parseS3(`${output}/${file.key.slice(folder.length)}.out`);
    const type = TransformOutput?.Accept ?? TransformInput.ContentType;
    await this.context.objects.write(role, target.bucket, target.key, Buffer.from(whole), type);
    this.#log('data-log', [`${file.key}: ${lines.length} records`]);
  }

  #stopping(): boolean {
    return this.#job().TransformJobStatus === 'Stopping';
  }

  #end(status: 'Completed' | 'Failed' | 'Stopped'): void {
    this.#patch({ TransformJobStatus: status, TransformEndTime: this.#now() });
  }

  #log(kind: 'data-log', lines: string[]): void {
    this.context.logs.append(
      this.scope,
      '/aws/sagemaker/TransformJobs',
      `${this.name}/${this.#instance}/${kind}`,
      lines,
    );
  }

  #job(): TransformJobRecord {
    const job = this.context.transformJobs.get(this.scope, this.name);
    if (!job) throw new Error(`Transform job ${this.name} is gone.`);
    return job;
  }

  #patch(members: Partial<TransformJobRecord>): void {
    this.context.transformJobs.set(this.scope, this.name, { ...this.#job(), ...members });
  }

  #now(): string {
    return this.context.clock.now().toISOString();
  }
}

/**
 * The output lines for one input file: filtered, scored, joined, filtered again.
 * @throws ContainerError as the container answers
 */
export function transformed(
  job: Pick<TransformJobRecord, 'TransformInput' | 'TransformOutput' | 'DataProcessing' | 'MaxPayloadInMB'>,
  model: ServedModel,
  body: Buffer,
): string[] {
  const { InputFilter, OutputFilter, JoinSource } = job.DataProcessing ?? {};
  const { ContentType = 'text/csv', SplitType = 'None' } = job.TransformInput;
  const limit = (job.MaxPayloadInMB ?? 6) * 1024 * 1024;
  const records = body
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const input = columnFilter(InputFilter);
  const payload = records.map((line) =>
    InputFilter === undefined ? line : input(line.split(',')).join(','),
  );
  const tooLarge = SplitType === 'Line' ? payload.some((line) => line.length > limit) : body.length > limit;
  if (tooLarge) throw new ContainerError(400, 'Too much data for max payload size');
  const rows = score(model, Buffer.from(payload.join('\n')), ContentType);
  const predictions = encodeBatch(rows, job.TransformOutput?.Accept);
  const output = columnFilter(OutputFilter);
  return predictions.map((prediction, i) => {
    const joined = JoinSource === 'Input' ? `${records[i]},${prediction}` : prediction;
    return OutputFilter === undefined ? joined : output(joined.split(',')).join(',');
  });
}
