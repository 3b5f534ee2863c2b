import type { Session } from '../aws/session';
import { Store } from '../aws/store';
import { type Environment, endpointOf, type Project } from '../project/project';
import { describeEndpoint } from './live';
import { type Manifest, readManifest } from './manifest';
import { releaseIdOf } from './names';

/**
 * The release that an endpoint serves, from one Describe and one object: enough to say which version serves where.
 * Undefined when there is no endpoint, or when nobody released it by Warmstart.
 */
export async function readServing(
  session: Session,
  project: Project,
  endpointKey: string,
  environment: Environment,
): Promise<Manifest | undefined> {
  const endpoint = await describeEndpoint(session, endpointOf(project, endpointKey, environment.name).name);
  const releaseId = releaseIdOf(endpoint?.EndpointConfigName ?? '');
  if (releaseId === undefined) return undefined;
  return readManifest(new Store(session, environment.bucket), endpointKey, releaseId);
}
