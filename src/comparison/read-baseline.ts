import { isNotFound } from '../aws/errors';
import type { Evaluation } from '../evaluation/report';
import { type Environment, environmentOf, type Model } from '../project/project';
import { describeVersion, type Version } from '../registry/versions';
import type { LiveEndpoint } from '../release/live';
import { championIn, liveIn, servingOf } from '../runs/champion';
import { rememberedVersion } from './deleted';
import type { ModelFacts, VersionFacts } from './facts';
import type { ComparisonScene, Reader } from './reader';

/** What the candidates of one model are held against, and what the endpoint there runs. */
export interface Baseline {
  version: Version | null;
  environment: string | null;
  endpoint: ModelFacts['endpoint'];
}

/** Endpoints that were looked at already: several models share one. */
export class Endpoints {
  readonly #read = new Map<string, Promise<LiveEndpoint | null>>();

  constructor(private readonly scene: ComparisonScene) {}

  live(endpointKey: string, environment: Environment): Promise<LiveEndpoint | null> {
    const key = JSON.stringify([endpointKey, environment.name]);
    let live = this.#read.get(key);
    if (!live) {
      live = liveIn(this.scene, endpointKey, environment);
      this.#read.set(key, live);
    }
    return live;
  }
}

/**
 * The version that serves in the environment that was chosen.
 * @param candidates whose evaluations may remember it when it was deleted
 */
export async function baselineIn(
  reader: Reader,
  endpoints: Endpoints,
  place: { group: string; model: Model | null; environment: Environment },
  candidates: Promise<readonly VersionFacts[]>,
  notes: string[],
): Promise<Baseline> {
  const { group, model, environment } = place;
  const nothing = { version: null, environment: environment.name, endpoint: null };
  if (!model) {
    notes.push(
      `No model of the project uses ${group}, so that nobody knows which of its versions serves in ${environment.name}.`,
    );
    return nothing;
  }
  const live = () => endpoints.live(model.endpoint, environment);
  const champion = await reader.attempt(notes, `What serves in ${environment.name}`, async () => {
    try {
      return await championIn(reader.scene, model, environment, live);
    } catch (error) {
      const serving = isNotFound(error) ? servingOf(await live(), model) : undefined;
      if (serving === undefined) throw error;
      return { deleted: serving };
    }
  });
  if (!champion) return nothing;
  const isDeleted = 'deleted' in champion;
  if (!isDeleted && champion.note !== null) notes.push(sentence(champion.note));
  const version = isDeleted
    ? remembered(champion.deleted, `serves in ${environment.name}`, evaluationsOf(await candidates), notes)
    : champion.version;
  // Where the environment could not be read, the note says so already.
  const image = (await live().catch(() => null))?.image;
  return {
    version,
    environment: environment.name,
    endpoint: image === undefined ? null : { environment: environment.name, image },
  };
}

/** The version that the candidates were evaluated against: the champion of the first evaluation that has one. */
export async function baselineOfEvaluations(
  reader: Reader,
  endpoints: Endpoints,
  model: Model | null,
  candidates: readonly VersionFacts[],
  notes: string[],
): Promise<Baseline> {
  const evaluations = evaluationsOf(candidates);
  const compared = evaluations.find(({ champion }) => champion?.packageArn !== undefined);
  const environment = (compared ?? evaluations[0])?.championEnvironment ?? null;
  const [version, live] = await Promise.all([
    compared ? championOf(reader, compared, notes) : null,
    model && environment !== null ? liveNow(reader, endpoints, model, environment, notes) : null,
  ]);
  if (!compared) {
    notes.push(`There is no baseline: ${whyNone(evaluations)}`);
  }
  const serving = model ? servingOf(live, model) : undefined;
  if (serving !== undefined && environment !== null) {
    notes.push(...aboutServing(serving, environment, compared?.champion?.packageArn, candidates));
  }
  return {
    version,
    environment,
    endpoint: live && environment !== null ? { environment, image: live.image } : null,
  };
}

async function championOf(reader: Reader, evaluation: Evaluation, notes: string[]): Promise<Version | null> {
  const { packageArn: arn, version } = evaluation.champion ?? {};
  if (arn === undefined) return null;
  return reader.attempt(notes, `Version ${version ?? arn}, which this was evaluated against,`, async () => {
    try {
      return await describeVersion(reader.scene.session, arn);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return remembered(arn, 'this was evaluated against', [evaluation], notes);
    }
  });
}

/** A baseline that was deleted from the registry: its figures are not lost as long as an evaluation has them. */
function remembered(
  arn: string,
  which: string,
  evaluations: readonly Evaluation[],
  notes: string[],
): Version | null {
  const version = rememberedVersion(evaluations, arn);
  const what = `Version ${numberOf(arn)}, which ${which}, is not in the registry any more`;
  notes.push(
    version
      ? `${what}: what is shown of it is what the evaluation beside it knows.`
      : `${what}, and no evaluation here knows how it did.`,
  );
  return version;
}

function evaluationsOf(candidates: readonly VersionFacts[]): Evaluation[] {
  return candidates.flatMap(({ evaluation }) => evaluation ?? []);
}

function numberOf(arn: string): string {
  return arn.split('/').pop() ?? arn;
}

/** What the endpoint serves by now, in an environment that an evaluation named long ago. */
async function liveNow(
  reader: Reader,
  endpoints: Endpoints,
  model: Model,
  environment: string,
  notes: string[],
): Promise<LiveEndpoint | null> {
  const { project } = reader.scene;
  if (!project.environments.some(({ name }) => name === environment)) return null;
  return reader.attempt(notes, `The endpoint in ${environment}`, () =>
    endpoints.live(model.endpoint, environmentOf(project, environment)),
  );
}

function whyNone(evaluations: readonly Evaluation[]): string {
  if (evaluations.length === 0) {
    return 'no evaluation says what this was held against. Choose an environment to see it beside what serves there.';
  }
  const note = evaluations.find(({ championNote }) => championNote !== null)?.championNote;
  return closed(note ?? 'nothing served when this was evaluated');
}

function aboutServing(
  serving: string,
  environment: string,
  baseline: string | undefined,
  candidates: readonly VersionFacts[],
): string[] {
  if (serving === baseline) return [];
  const candidate = candidates.find(({ version }) => version.arn === serving);
  if (candidate) return [`Version ${candidate.version.version} itself serves in ${environment} now.`];
  return [
    `By now version ${numberOf(serving)} serves in ${environment}: choose ${environment} as the baseline to see what a release would change.`,
  ];
}

function sentence(clause: string): string {
  return closed(clause.charAt(0).toUpperCase() + clause.slice(1));
}

function closed(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
