import { WarmstartError } from '../errors';
import type { Deployment, EndpointFile, EnvironmentFile, ModelFile, ProjectFile, Warehouse } from './schema';

/** One AWS account + region + bucket + role. */
export interface Environment extends EnvironmentFile {
  name: string;
}

/** A multi-model endpoint as one environment should have it. */
export interface Endpoint {
  /** The key in the project file: the name of the endpoint's S3 folders and of every command. */
  key: string;
  /** The endpoint's name in AWS. */
  name: string;
  variant: { name: string; instanceType: string; instanceCount: number; volumeSizeGB: number | undefined };
  deployment: Deployment;
  refresh: EndpointFile['refresh'];
  inPlacePrefix: string;
  retain: number;
  whenNoneApproved: EndpointFile['whenNoneApproved'];
}

/** One trained thing with one TargetModel name. */
export interface Model extends Omit<ModelFile, 'targetModel'> {
  name: string;
  targetModel: string;
}

/** A loaded and checked `warmstart.json`. Plain data; nothing in it is a secret. */
export interface Project {
  /** Absolute path of the folder that holds `warmstart.json`; SQL files are relative to it. */
  root: string;
  /** Absolute path of `warmstart.json`. */
  file: string;
  registry: Environment;
  /** In the order of the file. */
  environments: Environment[];
  warehouse: Warehouse;
  models: Model[];
  source: ProjectFile;
}

/** Resolves a checked project file into what the rest of the code uses. Pure. */
export function toProject(root: string, file: string, source: ProjectFile): Project {
  const environments = Object.entries(source.environments).map(([name, e]) => ({ name, ...e }));
  const registry = environments.find((e) => e.name === source.registry);
  if (!registry) throw unknown('environment', source.registry, Object.keys(source.environments));
  const models = Object.entries(source.models).map(([name, m]) => ({
    ...m,
    name,
    targetModel: m.targetModel ?? `${name}.tar.gz`,
  }));
  return { root, file, registry, environments, warehouse: source.warehouse, models, source };
}

export function environmentOf(project: Project, name: string): Environment {
  const found = project.environments.find((e) => e.name === name);
  if (!found)
    throw unknown(
      'environment',
      name,
      project.environments.map((e) => e.name),
    );
  return found;
}

export function modelOf(project: Project, name: string): Model {
  const found = project.models.find((m) => m.name === name);
  if (!found)
    throw unknown(
      'model',
      name,
      project.models.map((m) => m.name),
    );
  return found;
}

/** The endpoint as `environment` should have it: the file's entry with the environment's overrides. */
export function endpointOf(project: Project, key: string, environment: string): Endpoint {
  const entry = ownValue(project.source.endpoints, key);
  if (!entry) throw unknown('endpoint', key, Object.keys(project.source.endpoints));
  const own = ownValue(entry.environments, environment) ?? {};
  return {
    key,
    name: own.name ?? entry.name ?? key,
    variant: {
      name: entry.variant.name,
      instanceType: own.instanceType ?? entry.variant.instanceType,
      instanceCount: own.instanceCount ?? entry.variant.instanceCount,
      volumeSizeGB: own.volumeSizeGB ?? entry.variant.volumeSizeGB,
    },
    deployment: own.deployment ?? entry.deployment,
    refresh: entry.refresh,
    inPlacePrefix: entry.inPlacePrefix,
    retain: entry.retain,
    whenNoneApproved: entry.whenNoneApproved,
  };
}

export function modelsOf(project: Project, endpointKey: string): Model[] {
  return project.models.filter((m) => m.endpoint === endpointKey);
}

/** What the file has under `key`, never what every object inherits: an environment may be called "constructor". */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function unknown(kind: string, name: string, known: string[]): WarmstartError {
  return new WarmstartError(`project.unknown-${kind}`, `There is no ${kind} "${name}" in warmstart.json.`, {
    kind: 'usage',
    remedy: known.length ? `Known: ${known.join(', ')}.` : `Add one to warmstart.json.`,
  });
}
