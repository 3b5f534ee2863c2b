import { Store } from '../aws/store';
import type { WarmstartError } from '../errors';
import { type Environment, endpointOf, environmentOf, type Model, type Project } from '../project/project';
import { groupArn } from '../registry/groups';
import { describeVersion, findAdmitted, type Version } from '../registry/versions';
import { type LiveEndpoint, readLive } from '../release/live';
import type { RunScene, StepScene } from './scene';

/** Failures that say "not with these credentials"; any other is a fault that must not be passed over. */
const unreachable = new Set<unknown>([
  'aws.access-denied',
  'aws.invalid-credentials',
  'aws.mfa-required',
  'aws.no-credentials',
  'aws.session-expired',
  'aws.unknown-profile',
  'connection.no-profile',
]);

/**
 * Whether an account could not be read with the credentials at hand. Told by the code: who opens sessions may be another
 * bundle, with an error class of its own.
 */
export function isUnreachable(error: unknown): error is WarmstartError {
  return error instanceof Error && 'code' in error && unreachable.has(error.code);
}

export interface Champion {
  version: Version | null;
  environment: string;
  /** Why there is none, or why it is not read from the endpoint. */
  note: string | null;
}

/** What a champion is looked for with. */
export type ChampionScene = Pick<RunScene, 'project' | 'session' | 'sessionOf'>;

/** The version that serves now in the environment that the model's project compares with. */
export function findChampion(scene: StepScene): Promise<Champion> {
  const { project, model } = scene;
  const environment = championEnvironment(project, model);
  return championIn(scene, model, environment, () => liveIn(scene, model.endpoint, environment));
}

export function championEnvironment(project: Project, model: Model): Environment {
  return model.evaluation.champion
    ? environmentOf(project, model.evaluation.champion)
    : (project.environments.at(-1) ?? project.registry);
}

/**
 * What an endpoint serves in an environment; null when there is none. The account is checked first: an endpoint of the same
 * name in another one serves something else.
 * @throws WarmstartError `aws.wrong-account`
 */
export async function liveIn(
  { project, sessionOf }: ChampionScene,
  endpointKey: string,
  environment: Environment,
): Promise<LiveEndpoint | null> {
  const endpoint = endpointOf(project, endpointKey, environment.name);
  const session = await sessionOf(environment);
  await session.assertAccount();
  return readLive(
    session,
    new Store(session),
    (bucket) => new Store(session, bucket),
    endpoint.key,
    endpoint.name,
  );
}

/**
 * The version of a model that serves now in an environment. Where that environment cannot be read (a schedule in the
 * training account seldom may), the newest approved version stands in for it, and the note says so.
 * @param live reads what the model's endpoint serves there
 */
export async function championIn(
  { project, session }: Pick<ChampionScene, 'project' | 'session'>,
  model: Model,
  environment: Environment,
  live: () => Promise<LiveEndpoint | null>,
): Promise<Champion> {
  try {
    const serving = servingOf(await live(), model);
    if (serving === undefined) {
      return {
        version: null,
        environment: environment.name,
        note: `nothing of ${model.name} serves in ${environment.name} yet`,
      };
    }
    return { version: await describeVersion(session, serving), environment: environment.name, note: null };
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    const { version } = await findAdmitted(session, groupArn(project.registry, model.packageGroup), {
      requires: 'approved',
    });
    return {
      version,
      environment: environment.name,
      note: `${environment.name} could not be read (${error.message}); ${version ? `version ${version.version}, the newest approved one, stands in` : 'and no version is approved'}`,
    };
  }
}

/** The ARN of the version of a model that an endpoint serves; undefined when it serves none that is known. */
export function servingOf(live: LiveEndpoint | null, model: Model): string | undefined {
  return live?.manifest?.targets.find((target) => target.targetModel === model.targetModel)?.packageArn;
}
