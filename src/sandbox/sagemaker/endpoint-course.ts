import type { EndpointStatus, VariantStatus } from '@aws-sdk/client-sagemaker';
import { messageOf } from '../../errors';
import type { Context } from './context';
import { stagesOf, timeoutOf } from './deployment';
import { fleetProblem } from './fleet-health';
import { describePending, describeVariants } from './fleet-spec';
import type { Change, EndpointRecord, FleetSpec } from './records';
import type { Scope } from './resources';
import { seconds } from './timing';

/** Endpoints of an earlier run of the sandbox: their fleets serve again (cold), changes under way start anew. */
export function resumeEndpoints(context: Context): void {
  for (const { scope, value } of context.endpoints.all()) {
    for (const { spec } of value.fleets) context.fleets.open(spec);
    if (value.change) startChange(context, scope, value.described.EndpointName);
  }
}

/** Carries out the change that the endpoint's record names, in the background. */
export function startChange(context: Context, scope: Scope, name: string): void {
  const course = new Course(context, scope, name);
  course.run().catch((error: unknown) => {
    course.settle('Failed', { FailureReason: `InternalServerError: ${messageOf(error)}` });
  });
}

class Course {
  constructor(
    private readonly context: Context,
    private readonly scope: Scope,
    private readonly name: string,
  ) {}

  async run(): Promise<void> {
    const change = this.#record()?.change;
    if (change?.kind === 'create') await this.#create(change.fleet);
    if (change?.kind === 'update') await this.#update(change);
    if (change?.kind === 'scale') await this.#scale(change);
    if (change?.kind === 'delete') await this.#delete();
  }

  /** Ends the change: the endpoint rests in `status`. */
  settle(status: EndpointStatus, members: Partial<EndpointRecord['described']> = {}): void {
    const record = this.#record();
    if (!record) return;
    const { change: _, ...rest } = record;
    const { PendingDeploymentSummary: __, ...described } = rest.described;
    this.#save({
      ...rest,
      described: { ...described, EndpointStatus: status, LastModifiedTime: this.#now(), ...members },
    });
  }

  async #create(fleet: FleetSpec): Promise<void> {
    this.#describe({ ProductionVariants: describeVariants(fleet, this.#now(), 'Creating') });
    await this.context.clock.sleep(seconds.fleetStart);
    const problem = await fleetProblem(this.context, fleet);
    if (problem !== undefined) {
      this.#describe({ ProductionVariants: undefined });
      return this.settle('Failed', { FailureReason: problem });
    }
    this.context.fleets.open(fleet);
    this.#share([{ spec: fleet, share: 1 }]);
    this.settle('InService', {
      ProductionVariants: describeVariants(fleet, this.#now()),
      ...this.#capture(fleet),
    });
  }

  async #update(change: Extract<Change, { kind: 'update' }>): Promise<void> {
    const { fleet, deployment, startedAt } = change;
    const old = this.#record()?.fleets[0];
    if (!old) return this.settle('Failed', { FailureReason: 'The endpoint has no fleet to update.' });
    this.#share([{ spec: old.spec, share: 1 }]);
    this.#pend(fleet, startedAt, 'Creating');
    await this.context.clock.sleep(seconds.fleetStart);
    const problem = await fleetProblem(this.context, fleet);
    if (problem !== undefined) return this.#rollBack(old.spec, problem);
    this.context.fleets.open(fleet);
    let elapsed = seconds.fleetStart;
    const count = Math.min(...old.spec.variants.map((each) => each.instanceCount));
    for (const stage of stagesOf(deployment, count)) {
      elapsed += stage.seconds;
      if (elapsed > timeoutOf(deployment)) {
        return this.#rollBack(old.spec, 'The deployment exceeded MaximumExecutionTimeoutInSeconds.', fleet);
      }
      this.#share([
        { spec: old.spec, share: 1 - stage.share },
        { spec: fleet, share: stage.share },
      ]);
      this.#pend(fleet, startedAt, stage.status);
      await this.context.clock.sleep(stage.seconds);
    }
    this.#share([{ spec: fleet, share: 1 }]);
    this.#describe({
      EndpointConfigName: fleet.configName,
      ProductionVariants: describeVariants(fleet, this.#now()),
    });
    await this.context.clock.sleep(seconds.fleetStop);
    this.context.fleets.close(old.spec.id);
    this.settle('InService', {
      ...(deployment ? { LastDeploymentConfig: deployment } : {}),
      DataCaptureConfig: undefined,
      ...this.#capture(fleet),
    });
  }

  async #rollBack(old: FleetSpec, reason: string, failed?: FleetSpec): Promise<void> {
    this.#share([{ spec: old, share: 1 }]);
    this.#describe({ EndpointStatus: 'RollingBack', FailureReason: reason });
    await this.context.clock.sleep(seconds.fleetStop);
    if (failed) this.context.fleets.close(failed.id);
    this.settle('InService', { ProductionVariants: describeVariants(old, this.#now()) });
  }

  async #scale(change: Extract<Change, { kind: 'scale' }>): Promise<void> {
    const serving = this.#record()?.fleets[0];
    if (!serving) return this.settle('Failed', { FailureReason: 'The endpoint has no fleet to scale.' });
    const spec = {
      ...serving.spec,
      variants: serving.spec.variants.map((variant) => {
        const desired = change.variants.find((each) => each.name === variant.name);
        return { ...variant, ...desired };
      }),
    };
    const before = describeVariants(serving.spec, this.#now(), 'Updating');
    const after = describeVariants(spec, this.#now());
    this.#describe({
      ProductionVariants: before.map((each, i) => ({
        ...each,
        DesiredInstanceCount: after[i]?.DesiredInstanceCount,
        DesiredWeight: after[i]?.DesiredWeight,
      })),
    });
    await this.context.clock.sleep(seconds.scale);
    this.context.fleets.scale(spec);
    this.#share([{ spec, share: 1 }]);
    this.settle('InService', { ProductionVariants: after });
  }

  async #delete(): Promise<void> {
    await this.context.clock.sleep(seconds.endpointDelete);
    const record = this.#record();
    if (!record) return;
    for (const { spec } of record.fleets) this.context.fleets.close(spec.id);
    this.context.endpoints.delete(this.scope, this.name);
    this.context.tags.delete(record.described.EndpointArn);
  }

  /** Data capture as DescribeEndpoint sums it up. The sandbox keeps the settings, but captures nothing. */
  #capture({ configName }: FleetSpec): Pick<EndpointRecord['described'], 'DataCaptureConfig'> {
    const capture = this.context.configs.get(this.scope, configName)?.DataCaptureConfig;
    if (!capture) return {};
    const enabled = capture.EnableCapture ?? false;
    return {
      DataCaptureConfig: {
        EnableCapture: enabled,
        CaptureStatus: enabled ? 'Started' : 'Stopped',
        CurrentSamplingPercentage: capture.InitialSamplingPercentage,
        DestinationS3Uri: capture.DestinationS3Uri,
        KmsKeyId: capture.KmsKeyId ?? '',
      },
    };
  }

  #pend(fleet: FleetSpec, startedAt: string, status: VariantStatus): void {
    this.#describe({
      PendingDeploymentSummary: {
        EndpointConfigName: fleet.configName,
        ProductionVariants: describePending(fleet, this.#now(), status),
        StartTime: startedAt,
      },
    });
  }

  #share(fleets: EndpointRecord['fleets']): void {
    const record = this.#record();
    if (record) this.#save({ ...record, fleets });
  }

  #describe(members: Partial<EndpointRecord['described']>): void {
    const record = this.#record();
    if (record) this.#save({ ...record, described: { ...record.described, ...members } });
  }

  #record(): EndpointRecord | undefined {
    return this.context.endpoints.get(this.scope, this.name);
  }

  #save(record: EndpointRecord): void {
    this.context.endpoints.set(this.scope, this.name, record);
  }

  #now(): string {
    return this.context.clock.now().toISOString();
  }
}
