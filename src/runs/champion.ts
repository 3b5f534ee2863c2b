import { Store } from '../aws/store';
import { WarmstartError } from '../errors';
import { endpointOf, environmentOf } from '../project/project';
import { groupArn } from '../registry/groups';
import { describeVersion, findAdmitted, type Version } from '../registry/versions';
import { readLive } from '../release/live';
import type { StepScene } from './scene';

/** Failures that say "not with these credentials"; any other is a fault that must not be passed over. */
const unreachable = new Set([
  'aws.access-denied',
  'aws.invalid-credentials',
  'aws.mfa-required',
  'aws.no-credentials',
  'aws.session-expired',
  'aws.unknown-profile',
]);

/** Whether an account could not be read with the credentials at hand. */
export function isUnreachable(error: unknown): error is WarmstartError {
  return error instanceof WarmstartError && unreachable.has(error.code);
}

export interface Champion {
  version: Version | null;
  environment: string;
  /** Why there is none, or why it is not read from the endpoint. */
  note: string | null;
}

/**
 * The version that serves now in the environment compared with. Where that environment cannot be read (a schedule
 * in the training account seldom may), the newest approved version stands in for it, and the note says so.
 */
export async function findChampion(scene: StepScene): Promise<Champion> {
  const { project, model } = scene;
  const environment = model.evaluation.champion
    ? environmentOf(project, model.evaluation.champion)
    : (project.environments.at(-1) ?? project.registry);
  const endpoint = endpointOf(project, model.endpoint, environment.name);
  try {
    const session = await scene.sessionOf(environment);
    const live = await readLive(
      session,
      new Store(session),
      (bucket) => new Store(session, bucket),
      endpoint.key,
      endpoint.name,
    );
    const serving = live?.manifest?.targets.find((target) => target.targetModel === model.targetModel);
    if (!serving?.packageArn) {
      return {
        version: null,
        environment: environment.name,
        note: `nothing of ${model.name} serves in ${environment.name} yet`,
      };
    }
    return {
      version: await describeVersion(scene.session, serving.packageArn),
      environment: environment.name,
      note: null,
    };
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    const { version } = await findAdmitted(scene.session, groupArn(project.registry, model.packageGroup), {
      requires: 'approved',
    });
    return {
      version,
      environment: environment.name,
      note: `${environment.name} could not be read (${error.message}); ${version ? `version ${version.version}, the newest approved one, stands in` : 'and no version is approved'}`,
    };
  }
}
