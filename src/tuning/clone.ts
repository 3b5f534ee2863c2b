import { isDeepStrictEqual } from 'node:util';
import type {
  Channel,
  HyperParameterAlgorithmSpecification,
  HyperParameterTrainingJobDefinition,
  OutputDataConfig,
} from '@aws-sdk/client-sagemaker';

export type Definition = HyperParameterTrainingJobDefinition;

/** A definition made from the project: what the API requires is there, though the SDK's types admit its absence. */
export interface FreshDefinition extends Definition {
  AlgorithmSpecification: HyperParameterAlgorithmSpecification;
  InputDataConfig: Channel[];
  OutputDataConfig: OutputDataConfig;
}

/**
 * The parent's definition with what the project means to change: data, output, hyperparameters, image, role,
 * instances, limits, network. Whatever else the parent has stays, since SageMaker refuses a warm start whose
 * definition changed in fields that it does not list.
 */
export function cloneDefinition(parent: Definition, fresh: FreshDefinition): Definition {
  const {
    AlgorithmSpecification: algorithm,
    // They belong to jobs with several definitions.
    HyperParameterRanges: _ranges,
    TuningObjective: _objective,
    // Exclusive with ResourceConfig.
    HyperParameterTuningResourceConfig: _resources,
    VpcConfig: _vpc,
    EnableManagedSpotTraining: spot,
    ...kept
  } = structuredClone(parent);
  const {
    // SageMaker answers those of the built-in algorithms but does not take them back.
    MetricDefinitions: _metrics,
    AlgorithmName: _name,
    ...algorithmKept
  } = algorithm ?? {};
  return defined({
    ...kept,
    StaticHyperParameters: fresh.StaticHyperParameters,
    AlgorithmSpecification: defined({ ...algorithmKept, ...fresh.AlgorithmSpecification }),
    RoleArn: fresh.RoleArn,
    InputDataConfig: cloneChannels(kept.InputDataConfig ?? [], fresh.InputDataConfig),
    OutputDataConfig: defined({
      ...kept.OutputDataConfig,
      KmsKeyId: undefined,
      ...fresh.OutputDataConfig,
    }),
    ResourceConfig: fresh.ResourceConfig,
    StoppingCondition: fresh.StoppingCondition,
    // Described as false when it was never asked for: kept so, to differ in nothing that is not meant.
    EnableManagedSpotTraining: fresh.EnableManagedSpotTraining ?? (spot === undefined ? undefined : false),
    VpcConfig: fresh.VpcConfig,
  });
}

/** Channels of the parent on our data, with its settings; those that only it has stay. */
function cloneChannels(parent: Channel[], fresh: Channel[]): Channel[] {
  const ours = (name: string | undefined) => fresh.find((channel) => channel.ChannelName === name);
  const kept = parent.map((channel) => {
    const own = ours(channel.ChannelName);
    if (!own) return channel;
    return defined({
      ...channel,
      ContentType: own.ContentType,
      DataSource: {
        S3DataSource: own.DataSource?.S3DataSource && {
          ...channel.DataSource?.S3DataSource,
          ...own.DataSource.S3DataSource,
        },
      },
    });
  });
  const added = fresh.filter((channel) => !parent.some((p) => p.ChannelName === channel.ChannelName));
  return [...kept, ...added];
}

export interface FieldDifference {
  /** Such as `InputDataConfig.train.DataSource.S3DataSource.S3Uri`. */
  path: string;
  /** As it reads; undefined where the field is absent. */
  from: string | undefined;
  to: string | undefined;
}

/** What differs between two definitions, field by field, in the order of the paths. Lists are matched by name. */
export function differences(from: unknown, to: unknown, path = ''): FieldDifference[] {
  if (isDeepStrictEqual(from, to)) return [];
  const a = fieldsOf(from);
  const b = fieldsOf(to);
  if (a && b) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .sort()
      .flatMap((key) => differences(a[key], b[key], path ? `${path}.${key}` : key));
  }
  const [before, after] = [text(from), text(to)];
  return before === after ? [] : [{ path, from: before, to: after }];
}

/** An object's fields; a list of named things by their names, any other list by position. */
function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  return Object.fromEntries(value.map((item: unknown, i) => [nameOf(item) ?? String(i), item]));
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const name = 'ChannelName' in item ? item.ChannelName : 'Name' in item ? item.Name : undefined;
  return typeof name === 'string' ? name : undefined;
}

function text(value: unknown): string | undefined {
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}

/** Without the keys whose value is undefined, which would otherwise count as differences. */
function defined<T extends object>(value: T): T {
  for (const key of Object.keys(value)) {
    if (Reflect.get(value, key) === undefined) Reflect.deleteProperty(value, key);
  }
  return value;
}
