import { createHash, randomBytes } from 'node:crypto';
import type { HyperParameterTuningJobStatus } from '@aws-sdk/client-sagemaker';
import { messageOf } from '../../errors';
import { stopsAtRung, stopsByMedian } from '../training/search/stopping';
import { suggest } from '../training/search/suggest';
import type { Context } from './context';
import type { TrainingJobRecord, TuningJobRecord } from './records';
import type { Scope } from './resources';
import type { Tags } from './tags';
import { seconds } from './timing';
import { isOver, runTrainingJob } from './training-course';
import { requestStop } from './training-jobs';
import { recordTrainingJob } from './training-launch';
import { bestOf, objectiveOf, objectiveStatusOf, trialsOf } from './tuning-results';
import type { TuningConfig } from './tuning-rules';
import { jobsOf, searchSpaceOf } from './tuning-rules';

/** Tuning jobs that were under way when the sandbox ended: their unfinished training jobs train anew. */
export function resumeTuningJobs(context: Context): void {
  for (const { scope, value } of context.tuningJobs.all()) {
    const status = value.described.HyperParameterTuningJobStatus;
    if (status === 'InProgress' || status === 'Stopping')
      runTuningJob(context, scope, value.described.HyperParameterTuningJobName);
  }
}

/** The training jobs of a tuning job, oldest first. */
export function trainingJobsOf(context: Context, scope: Scope, tuningJob: string): TrainingJobRecord[] {
  return context.trainingJobs
    .list(scope)
    .filter((each) => each.tuning?.job.toLowerCase() === tuningJob.toLowerCase());
}

/** Carries out a tuning job, in the background. */
export function runTuningJob(context: Context, scope: Scope, name: string): void {
  const course = new TuningCourse(context, scope, name);
  course.run().catch((error: unknown) => course.fail(`InternalServerError: ${messageOf(error)}`));
}

/** Node's timers hold 31 bits of milliseconds; in seconds. */
const LONGEST_TIMER = 2 ** 31 / 1000;

class TuningCourse {
  readonly #curves = new Map<string, number[]>();
  readonly #running = new Set<string>();
  #launched = 0;
  #enough = false;
  #wake: () => void = () => undefined;

  constructor(
    private readonly context: Context,
    private readonly scope: Scope,
    private readonly name: string,
  ) {}

  async run(): Promise<void> {
    const { WarmStartConfig: warm } = this.#described();
    const known = this.#jobs();
    this.#launched = known.length;
    for (const job of known) {
      if (job.curve) this.#curves.set(job.described.TrainingJobName, job.curve);
      if (!isOver(job)) this.#start(job.described.TrainingJobName);
    }
    if (known.length === 0) {
      const parents = warm?.ParentHyperParameterTuningJobs.length ?? 0;
      await this.context.clock.sleep(seconds.tuningStart + parents * seconds.warmStart);
    }
    const limit = this.#config().ResourceLimits.MaxRuntimeInSeconds;
    if (limit !== undefined && limit / this.context.clock.speed < LONGEST_TIMER)
      this.context.clock.after(limit, () => this.#finish());
    await this.#search();
    const jobs = this.#jobs();
    const failed = jobs.length > 0 && jobs.every((each) => each.described.TrainingJobStatus === 'Failed');
    if (this.#stopping()) this.#end('Stopped');
    else if (failed)
      this.fail(
        'All training jobs failed. Please take a look at the training jobs failures to get more details.',
      );
    else this.#end('Completed');
  }

  fail(reason: string): void {
    this.#patch({ FailureReason: reason });
    this.#end('Failed');
  }

  /** Keeps as many training jobs running as are allowed, until there are enough. */
  async #search(): Promise<void> {
    const { MaxParallelTrainingJobs: parallel } = this.#config().ResourceLimits;
    const total = jobsOf(this.#config());
    for (;;) {
      if (this.#stopping() || this.#complete()) this.#finish();
      while (!this.#enough && this.#launched < total && this.#running.size < parallel) this.#launch();
      if (this.#running.size === 0) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #launch(): void {
    const { TrainingJobDefinition: definition, HyperParameterTuningJobArn: arn } = this.#described();
    const config = this.#config();
    const objective = config.HyperParameterTuningJobObjective;
    if (!definition || !objective) throw new Error('The tuning job has no definition.');
    const tuned = this.#suggest();
    const number = String(++this.#launched).padStart(3, '0');
    const TrainingJobName = `${this.name}-${number}-${randomBytes(4).toString('hex')}`;
    const {
      StaticHyperParameters,
      DefinitionName: _,
      TuningObjective: __,
      HyperParameterRanges: ___,
      HyperParameterTuningResourceConfig: resources,
      AlgorithmSpecification,
      ...given
    } = definition;
    recordTrainingJob(
      this.context,
      this.scope,
      {
        ...given,
        TrainingJobName,
        AlgorithmSpecification: {
          TrainingImage: AlgorithmSpecification.TrainingImage,
          TrainingInputMode: AlgorithmSpecification.TrainingInputMode,
        },
        ResourceConfig: given.ResourceConfig ?? {
          ...(resources?.InstanceConfigs?.[0] ?? {
            InstanceType: resources?.InstanceType,
            InstanceCount: resources?.InstanceCount,
            VolumeSizeInGB: resources?.VolumeSizeInGB,
          }),
        },
        HyperParameters: {
          ...StaticHyperParameters,
          ...tuned,
          _tuning_objective_metric: objective.MetricName,
        },
        Tags: this.#tags(),
      },
      { job: this.name, arn, tuned, objective },
    );
    this.#start(TrainingJobName);
  }

  #start(job: string): void {
    this.#running.add(job);
    const { accountId, region } = this.scope;
    runTrainingJob(this.context, { accountId, region }, job, (curve) => this.#stopsEarly(job, curve)).then(
      () => {
        this.#running.delete(job);
        this.#patch({});
        this.#wake();
      },
      (error: unknown) => this.fail(`InternalServerError: ${messageOf(error)}`),
    );
  }

  #suggest(): Record<string, string> {
    const config = this.#config();
    const jobs = this.#jobs();
    const parents = this.#described().WarmStartConfig?.ParentHyperParameterTuningJobs ?? [];
    return suggest({
      strategy: config.Strategy,
      space: searchSpaceOf(config),
      direction: config.HyperParameterTuningJobObjective?.Type ?? 'Minimize',
      trials: trialsOf(jobs),
      parentTrials: parents.flatMap((parent) =>
        trialsOf(trainingJobsOf(this.context, this.scope, parent.HyperParameterTuningJobName ?? '')),
      ),
      running: jobs.filter((each) => !isOver(each)).map((each) => each.tuning?.tuned ?? {}),
      index: this.#launched,
      seed: config.RandomSeed ?? createHash('sha256').update(this.name).digest().readUInt32LE(),
    });
  }

  #stopsEarly(job: string, curve: number[]): boolean {
    this.#curves.set(job, curve);
    const config = this.#config();
    const question = {
      curve,
      others: [...this.#curves].filter(([name]) => name !== job).map(([, other]) => other),
      direction: config.HyperParameterTuningJobObjective?.Type ?? 'Minimize',
    };
    if (config.TrainingJobEarlyStoppingType === 'Auto') {
      return stopsByMedian({ ...question, others: this.#finishedCurves() });
    }
    const hyperband = config.StrategyConfig?.HyperbandStrategyConfig;
    if (config.Strategy !== 'Hyperband' || !hyperband) return false;
    const max = hyperband.MaxResource ?? 20_000;
    return curve.length >= max || stopsAtRung(question, { min: hyperband.MinResource ?? 1, max });
  }

  #finishedCurves(): number[][] {
    return this.#jobs().flatMap((each) => (isOver(each) && each.curve ? [each.curve] : []));
  }

  /** Whether TuningJobCompletionCriteria are met. */
  #complete(): boolean {
    const config = this.#config();
    const criteria = config.TuningJobCompletionCriteria;
    const type = config.HyperParameterTuningJobObjective?.Type ?? 'Minimize';
    const jobs = this.#jobs();
    const best = bestOf(jobs, type);
    if (!criteria || !best) return false;
    const value = objectiveOf(best) ?? Number.NaN;
    const target = criteria.TargetObjectiveMetricValue;
    if (target !== undefined && (type === 'Minimize' ? value <= target : value >= target)) return true;
    const after = jobs.filter(
      (each) =>
        objectiveStatusOf(each) === 'Succeeded' &&
        (each.described.TrainingEndTime ?? '') > (best.described.TrainingEndTime ?? ''),
    ).length;
    const patience = criteria.BestObjectiveNotImproving?.MaxNumberOfTrainingJobsNotImproving;
    if (patience !== undefined)
      this.#patch({ TuningJobCompletionDetails: { NumberOfTrainingJobsObjectiveNotImproving: after } });
    return patience !== undefined && after >= patience;
  }

  /** No more training jobs; those running are stopped. */
  #finish(): void {
    this.#enough = true;
    for (const job of this.#jobs()) requestStop(this.context, this.scope, job);
  }

  #end(status: HyperParameterTuningJobStatus): void {
    const RuntimeInSeconds = this.#jobs().reduce(
      (sum, each) => sum + (each.described.TrainingTimeInSeconds ?? 0),
      0,
    );
    this.#patch({
      HyperParameterTuningJobStatus: status,
      HyperParameterTuningEndTime: this.context.clock.now().toISOString(),
      ConsumedResources: { RuntimeInSeconds },
    });
  }

  #jobs(): TrainingJobRecord[] {
    return trainingJobsOf(this.context, this.scope, this.name);
  }

  #tags(): Tags {
    return this.context.tags.get(this.#described().HyperParameterTuningJobArn) ?? [];
  }

  #config(): TuningConfig {
    return this.#described().HyperParameterTuningJobConfig;
  }

  #stopping(): boolean {
    return this.#described().HyperParameterTuningJobStatus === 'Stopping';
  }

  #described(): TuningJobRecord['described'] {
    const record = this.context.tuningJobs.get(this.scope, this.name);
    if (!record) throw new Error(`Tuning job ${this.name} is gone.`);
    return record.described;
  }

  #patch(members: Partial<TuningJobRecord['described']>): void {
    const LastModifiedTime = this.context.clock.now().toISOString();
    const described = { ...this.#described(), LastModifiedTime, ...members };
    this.context.tuningJobs.set(this.scope, this.name, { described });
  }
}
