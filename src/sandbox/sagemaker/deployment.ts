import type { DeploymentConfig } from '@aws-sdk/client-sagemaker';
import type { Valid } from '../protocol/types';
import { validationError } from './errors';
import { seconds } from './timing';

/** One moment of a deployment: how much of the traffic the new fleet takes, and for how long. */
export interface Stage {
  status: 'Creating' | 'ActivatingTraffic' | 'Baking';
  /** 0 … 1. */
  share: number;
  seconds: number;
}

/**
 * The course of a deployment after the new fleet's first instances are ready, up to the end of the old fleet.
 * Without a config: everything at once, without baking (the API's default).
 */
export function stagesOf(config: Valid<DeploymentConfig> | undefined, instanceCount: number): Stage[] {
  const rolling = config?.RollingUpdatePolicy;
  if (rolling) {
    const steps = rising(shareOf(rolling.MaximumBatchSize, instanceCount));
    return steps.flatMap((share) => [
      shift(share),
      { status: 'Baking', share, seconds: rolling.WaitIntervalInSeconds },
    ]);
  }
  const policy = config?.BlueGreenUpdatePolicy;
  const routing = policy?.TrafficRoutingConfiguration;
  const wait = routing?.WaitIntervalInSeconds ?? 0;
  const first = routing?.Type === 'CANARY' ? routing.CanarySize : routing?.LinearStepSize;
  let shares = [1];
  if (routing?.Type === 'CANARY' && first) shares = [shareOf(first, instanceCount), 1];
  if (routing?.Type === 'LINEAR' && first) shares = rising(shareOf(first, instanceCount));
  return [
    ...shares.flatMap((share): Stage[] => [shift(share), { status: 'Baking', share, seconds: wait }]),
    { status: 'Baking', share: 1, seconds: policy?.TerminationWaitInSeconds ?? 0 },
  ].filter((stage) => stage.seconds > 0) as Stage[];
}

function shift(share: number): Stage {
  return { status: 'ActivatingTraffic', share, seconds: seconds.trafficShift };
}

/** `0.3` → 0.3, 0.6, 0.9, 1. */
function rising(step: number): number[] {
  const shares: number[] = [];
  for (let i = 1; i * step < 1 - 1e-9; i++) shares.push(i * step);
  return [...shares, 1];
}

function shareOf(size: { Type: string; Value: number }, instanceCount: number): number {
  return size.Type === 'INSTANCE_COUNT' ? Math.min(1, size.Value / instanceCount) : size.Value / 100;
}

/** The longest time a deployment may take before it is rolled back, in AWS seconds. */
export function timeoutOf(config: Valid<DeploymentConfig> | undefined): number {
  return (
    config?.RollingUpdatePolicy?.MaximumExecutionTimeoutInSeconds ??
    config?.BlueGreenUpdatePolicy?.MaximumExecutionTimeoutInSeconds ??
    Number.POSITIVE_INFINITY
  );
}

/**
 * The rules of deployment guardrails that the model's limits do not express.
 * @throws ServiceError ValidationException
 */
export function checkDeployment(
  config: Valid<DeploymentConfig>,
  oldVariants: { name: string; instanceCount: number }[],
  newNames: string[],
): void {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config;
  const refuse = (problem: string): never => {
    throw validationError(`Invalid DeploymentConfig: ${problem}`);
  };
  if ((blueGreen === undefined) === (rolling === undefined))
    refuse('exactly one of BlueGreenUpdatePolicy and RollingUpdatePolicy must be specified.');
  const oldNames = oldVariants.map((each) => each.name);
  if (oldNames.toSorted().join() !== newNames.toSorted().join())
    refuse(
      `the production variants of the new endpoint configuration (${newNames.join(', ')}) must have the same ` +
        `names as those of the current one (${oldNames.join(', ')}).`,
    );
  const smallest = Math.min(...oldVariants.map((each) => each.instanceCount));
  const size = (
    name: string,
    value: { Type: string; Value: number } | undefined,
    low: number,
    high: number,
  ) => {
    if (!value) return refuse(`${name} must be specified.`);
    const percent = value.Type === 'INSTANCE_COUNT' ? (value.Value / smallest) * 100 : value.Value;
    if (percent > high || (value.Type === 'CAPACITY_PERCENT' && percent < low))
      refuse(`${name} must be between ${low} and ${high} percent of the variant's instances.`);
  };
  if (rolling) {
    if (oldNames.length > 1) refuse('a rolling update supports a single production variant only.');
    size('MaximumBatchSize', rolling.MaximumBatchSize, 5, 50);
  }
  const routing = blueGreen?.TrafficRoutingConfiguration;
  if (routing?.Type === 'CANARY') size('CanarySize', routing.CanarySize, 1, 50);
  if (routing?.Type === 'LINEAR') size('LinearStepSize', routing.LinearStepSize, 10, 50);
}
