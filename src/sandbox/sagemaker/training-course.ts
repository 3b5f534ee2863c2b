import type { SecondaryStatus, TrainingJobStatus } from '@aws-sdk/client-sagemaker';
import { Cancelled, messageOf, WarmstartError } from '../../errors';
import { ServiceError } from '../service';
import { modelTarGz } from '../training/artifact';
import type { LabelledMatrix, TrainResult } from '../training/contract';
import { clientError } from '../training/failure';
import { parseS3 } from './artifacts';
import { readChannel } from './channels';
import type { Context } from './context';
import { findImage } from './images';
import type { TrainingJobRecord } from './records';
import type { Scope } from './resources';
import { asRole } from './roles';
import { seconds } from './timing';

/** Asked after each round, with the objective's course so far: whether the tuning job ends this job early. */
export type EarlyStop = (curve: number[]) => boolean;

/** Training jobs that no tuning job owns and that were in progress when the sandbox ended: they train anew. */
export function resumeTrainingJobs(context: Context): void {
  for (const { scope, value } of context.trainingJobs.all()) {
    if (!isOver(value) && !value.tuning) void runTrainingJob(context, scope, value.described.TrainingJobName);
  }
}

export function isOver({ described }: Pick<TrainingJobRecord, 'described'>): boolean {
  return described.TrainingJobStatus !== 'InProgress' && described.TrainingJobStatus !== 'Stopping';
}

/**
 * Takes a training job through its states and resolves when it is over, however it ended. When the sandbox ends before,
 * it never resolves: the job is resumed with the sandbox.
 */
export async function runTrainingJob(
  context: Context,
  scope: Scope,
  name: string,
  earlyStop: EarlyStop = () => false,
): Promise<void> {
  const course = new TrainingCourse(context, scope, name, earlyStop);
  try {
    await course.run();
  } catch (error) {
    if (error instanceof Cancelled) return new Promise(() => undefined);
    course.fail(error);
  }
}

interface Data {
  train: LabelledMatrix;
  validation?: LabelledMatrix;
}

type Ending = 'stop-requested' | 'stopped-early' | 'out-of-time';

class TrainingCourse {
  #ending: Ending | undefined;
  readonly #curve: number[] = [];
  readonly #logStream: string;

  constructor(
    private readonly context: Context,
    private readonly scope: Scope,
    private readonly name: string,
    private readonly earlyStop: EarlyStop,
  ) {
    this.#logStream = `${name}/algo-1-${Math.floor(context.clock.now().getTime() / 1000)}`;
  }

  async run(): Promise<void> {
    const { clock } = this.context;
    await clock.sleep(seconds.trainingStart);
    if (this.#stopping()) return this.#end('Stopped', 'Stopped', 'Training job stopped');
    this.#patch({ TrainingStartTime: this.#now() });
    this.#enter('Downloading', 'Downloading the training image');
    const data = await this.#read();
    await clock.sleep(seconds.trainingDownload);
    if (this.#stopping()) return this.#end('Stopped', 'Stopped', 'Training job stopped');
    this.#enter('Training', 'Training image download completed. Training in progress.');
    const started = performance.now();
    const result = await this.#train(data);
    const trained = Math.ceil((performance.now() - started) / 1000);
    this.#enter('Uploading', 'Uploading generated training model');
    await this.#upload(result);
    await clock.sleep(seconds.trainingUpload);
    const total = seconds.trainingDownload + trained + seconds.trainingUpload;
    this.#patch({ TrainingTimeInSeconds: total, BillableTimeInSeconds: total });
    if (this.#ending === 'out-of-time')
      return this.#end('Stopped', 'MaxRuntimeExceeded', 'Training job runtime exceeded MaxRuntimeInSeconds');
    if (this.#ending || this.#stopping()) return this.#end('Stopped', 'Stopped', 'Training job stopped');
    this.#end('Completed', 'Completed', 'Training job completed');
  }

  /** Ends the job as Failed, with the container's words or the platform's. */
  fail(error: unknown): void {
    let reason = `InternalServerError: ${messageOf(error)}`;
    if (error instanceof ServiceError) reason = `ClientError: ${error.message}`;
    if (error instanceof WarmstartError)
      reason = /^(Client|Algorithm)Error: /.test(error.message)
        ? error.message
        : `ClientError: ${error.message}`;
    this.#log([`[ERROR] ${reason}`]);
    this.#patch({ FailureReason: reason.slice(0, 1024) });
    this.#end('Failed', 'Failed', 'Training job failed');
  }

  async #read(): Promise<Data> {
    const { RoleArn = '', HyperParameters, InputDataConfig = [] } = this.#record().described;
    const role = asRole(RoleArn, this.scope.region);
    const weighted = HyperParameters?.csv_weights === '1';
    const read = async (name: string): Promise<LabelledMatrix | undefined> => {
      const channel = InputDataConfig.find((each) => each.ChannelName === name);
      return channel && readChannel(this.context.objects, role, channel, weighted);
    };
    const train = await read('train');
    if (!train) throw clientError("Required channel 'train' is missing.");
    const validation = await read('validation');
    const uri = (name: string) =>
      InputDataConfig.find((each) => each.ChannelName === name)?.DataSource.S3DataSource?.S3Uri;
    if (validation && uri('train') === uri('validation')) {
      this.#log([
        'Found same path for training and validation. This is not recommended and results may not be correct.',
      ]);
    }
    return { train, ...(validation ? { validation } : {}) };
  }

  async #train({ train, validation }: Data): Promise<TrainResult> {
    const { described, tuning } = this.#record();
    const image = findImage(described.AlgorithmSpecification?.TrainingImage ?? '');
    const version = image.kind === 'xgboost' ? image.version : '';
    this.#log([
      'INFO:sagemaker-containers:Imported framework sagemaker_xgboost_container.training',
      "INFO:root:Determined delimiter of CSV input is ','",
      `INFO:root:Single node training.`,
      `INFO:root:Train matrix has ${train.labels.length} rows and ${train.features.columns} columns`,
      ...(validation ? [`INFO:root:Validation matrix has ${validation.labels.length} rows`] : []),
    ]);
    const limit = described.StoppingCondition.MaxRuntimeInSeconds ?? 86_400;
    const started = performance.now();
    const result = await this.context.trainingPool.train({
      version,
      hyperparameters: described.HyperParameters ?? {},
      train,
      ...(validation ? { validation } : {}),
      stop: (_, metrics) => {
        const value = tuning && metrics[tuning.objective.MetricName];
        if (value !== undefined) this.#curve.push(value);
        if (this.#stopping()) this.#ending = 'stop-requested';
        else if (performance.now() - started > limit * 1000) this.#ending = 'out-of-time';
        else if (this.earlyStop(this.#curve)) this.#ending = 'stopped-early';
        return this.#ending !== undefined;
      },
    });
    this.#log(result.log);
    const Timestamp = this.#now();
    const metrics = Object.entries(result.metrics).map(([MetricName, Value]) => ({
      MetricName,
      Value,
      Timestamp,
    }));
    const objective = tuning && result.metrics[tuning.objective.MetricName];
    this.#patch({
      FinalMetricDataList:
        objective === undefined
          ? metrics
          : [...metrics, { MetricName: 'ObjectiveMetric', Value: objective, Timestamp }],
    });
    if (tuning) this.#save({ ...this.#record(), curve: this.#curve });
    return result;
  }

  /** A job that is stopped leaves a model only if its container was told to save one on termination. */
  async #upload(result: TrainResult): Promise<void> {
    const { described } = this.#record();
    if (this.#ending && described.HyperParameters?.save_model_on_termination !== 'true') return;
    const path = (described.OutputDataConfig?.S3OutputPath ?? '').replace(/\/+$/, '');
    const url = `${path}/${this.name}/output/model.tar.gz`;
    const { bucket, key } = parseS3(url);
    const role = asRole(described.RoleArn ?? '', this.scope.region);
    await this.context.objects.write(role, bucket, key, await modelTarGz(result.model), 'application/x-gzip');
    this.#patch({ ModelArtifacts: { S3ModelArtifacts: url } });
  }

  #stopping(): boolean {
    return this.#record().described.TrainingJobStatus === 'Stopping';
  }

  /** The next secondary status; the one before it ends now. */
  #enter(status: SecondaryStatus, StatusMessage: string): void {
    const now = this.#now();
    const before = this.#record().described.SecondaryStatusTransitions ?? [];
    const ended = before.map((each) => (each.EndTime === undefined ? { ...each, EndTime: now } : each));
    this.#patch({
      ...(this.#stopping() ? {} : { SecondaryStatus: status }),
      SecondaryStatusTransitions: [...ended, { Status: status, StartTime: now, StatusMessage }],
    });
  }

  #end(status: TrainingJobStatus, secondary: SecondaryStatus, message: string): void {
    this.#enter(secondary, message);
    const now = this.#now();
    const transitions = this.#record().described.SecondaryStatusTransitions ?? [];
    this.#patch({
      TrainingJobStatus: status,
      SecondaryStatus: secondary,
      TrainingEndTime: now,
      SecondaryStatusTransitions: transitions.map((each) => ({ ...each, EndTime: each.EndTime ?? now })),
    });
  }

  #log(lines: string[]): void {
    this.context.logs.append(this.scope, '/aws/sagemaker/TrainingJobs', this.#logStream, lines);
  }

  #patch(members: Partial<TrainingJobRecord['described']>): void {
    const record = this.#record();
    this.#save({
      ...record,
      described: { ...record.described, ...members, LastModifiedTime: this.#now() },
    });
  }

  #record(): TrainingJobRecord {
    const record = this.context.trainingJobs.get(this.scope, this.name);
    if (!record) throw new Error(`Training job ${this.name} is gone.`);
    return record;
  }

  #save(record: TrainingJobRecord): void {
    this.context.trainingJobs.set(this.scope, this.name, record);
  }

  #now(): string {
    return this.context.clock.now().toISOString();
  }
}
