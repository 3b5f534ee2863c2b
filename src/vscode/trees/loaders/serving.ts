import type { Model } from '../../../project/project';
import { sleep } from '../../../task';
import type { Ticket } from '../../connection';
import type { LoaderDeps } from './support';

export interface Serving {
  /** Version ARN → names of the environments that serve it, in the project's order. */
  environments: ReadonlyMap<string, string[]>;
  /** Environments that could not be read with the profiles at hand, or not in time. */
  unread: string[];
}

/** A page of versions waits no longer than this for other accounts. */
const patienceSeconds = 8;

/** Which version of a model serves where, over all environments that can be read; never fails. */
export async function servingOf(deps: LoaderDeps, ticket: Ticket, model: Model): Promise<Serving> {
  const { environments } = ticket.project;
  const arns = await Promise.all(environments.map((e) => servedArn(deps, ticket, model, e.name)));
  const serving = new Map<string, string[]>();
  const unread: string[] = [];
  environments.forEach(({ name }, i) => {
    const arn = arns[i];
    if (arn === undefined) unread.push(name);
    else if (arn !== null) serving.set(arn, [...(serving.get(arn) ?? []), name]);
  });
  return { environments: serving, unread };
}

/** The version's ARN; null when none serves, undefined when that cannot be told. */
async function servedArn(
  deps: LoaderDeps,
  ticket: Ticket,
  model: Model,
  name: string,
): Promise<string | null | undefined> {
  const environment = ticket.project.environments.find((e) => e.name === name);
  if (!environment) return undefined;
  const manifest = deps.memo.get(`serving ${ticket.key} ${name} ${model.endpoint}`, async () => {
    const session = await deps.session(ticket, environment);
    return deps.engine().readServing(session, ticket.project, model.endpoint, environment);
  });
  try {
    const late = sleep(patienceSeconds * 1000).then(() => 'late' as const);
    const answer = await Promise.race([manifest, late]);
    if (answer === 'late') return undefined;
    return answer?.targets.find((t) => t.targetModel === model.targetModel)?.packageArn ?? null;
  } catch {
    // An account that cannot be read is named in the tooltip; the Endpoints view tells why and what to do.
    return undefined;
  }
}
