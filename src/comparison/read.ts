import { isNotFound } from '../aws/errors';
import { Cancelled, WarmstartError } from '../errors';
import { type EvaluationRow, evaluationHistoryKey, parseHistory } from '../evaluation/history';
import { environmentOf } from '../project/project';
import { describeVersion, parseVersionArn, type Version } from '../registry/versions';
import { mapParallel } from '../task';
import { buildModel } from './build';
import type { Comparison, ComparisonRequest } from './comparison';
import { deletedText } from './deleted';
import type { ModelFacts } from './facts';
import { measureOnSameRows } from './measure';
import { plain } from './plain';
import { baselineIn, baselineOfEvaluations, Endpoints } from './read-baseline';
import { readVersion } from './read-version';
import { type ComparisonScene, Reader } from './reader';

export type { ComparisonScene } from './reader';

/**
 * Reads versions and what they are held against, and puts them side by side. Nothing is written. Everything may be
 * missing but one of the versions: then a sentence in `notes` says so.
 * @throws WarmstartError when a version cannot be read, `comparison.empty` (usage) without versions, `comparison.deleted`
 * when the registry has none of them any more,
 * `project.unknown-environment` (usage) for a baseline that the project does not have, {@link Cancelled}
 */
export async function readComparison(
  scene: ComparisonScene,
  request: ComparisonRequest,
): Promise<Comparison> {
  const { project, task } = scene;
  if (task.signal.aborted) throw new Cancelled();
  if (request.baseline !== null) environmentOf(project, request.baseline);
  const facts = await readFacts(scene, request);
  const { name, accountId, region } = project.registry;
  return plain({
    formatVersion: 1,
    createdAt: task.now().toISOString(),
    registry: { name, accountId, region },
    environments: project.environments.map((environment) => environment.name),
    baseline: request.baseline,
    models: facts.map(buildModel),
  });
}

/** Everything that a comparison is made of, one for each package group, in the order of the request. */
async function readFacts(scene: ComparisonScene, request: ComparisonRequest): Promise<ModelFacts[]> {
  const arns = [...new Set(request.arns)];
  if (arns.length === 0) {
    throw new WarmstartError('comparison.empty', 'There is no version to compare.', { kind: 'usage' });
  }
  const named = arns.map(parseVersionArn);
  const reader = new Reader(scene);
  const endpoints = new Endpoints(scene);
  const found = await Promise.all(
    arns.map((arn) => reader.read(() => describeVersion(scene.session, arn).catch(nullWhenNotFound))),
  );
  const versions = found.flatMap((version) => version ?? []);
  const deleted = named.filter((_, i) => found[i] === null);
  if (versions.length === 0) {
    throw new WarmstartError('comparison.deleted', deleted.map(deletedText).join(' '), {
      remedy: 'Choose versions that the registry has.',
    });
  }
  const groups = [...new Set(versions.map((version) => version.group))];
  const facts = await mapParallel(groups, 4, async (group, i) => {
    const own = versions.filter((version) => version.group === group);
    const model = await readModel(reader, endpoints, group, own, request.baseline);
    // Of a group that nothing is left of, the first model tells.
    const missing = deleted.filter(
      (each) => each.group === group || (i === 0 && !groups.includes(each.group)),
    );
    return { ...model, notes: [...missing.map(deletedText), ...model.notes] };
  });
  return request.measure ? mapParallel(facts, 1, (each) => measureOnSameRows(reader, each)) : facts;
}

function nullWhenNotFound(error: unknown): null {
  if (isNotFound(error)) return null;
  throw error;
}

async function readModel(
  reader: Reader,
  endpoints: Endpoints,
  group: string,
  versions: readonly Version[],
  chosen: string | null,
): Promise<ModelFacts> {
  const { project } = reader.scene;
  const model = project.models.find(({ packageGroup }) => packageGroup === group) ?? null;
  const aboutVersions: string[][] = versions.map(() => []);
  const notes: string[] = [];
  const reading = Promise.all(
    versions.map((version, i) => readVersion(reader, version, aboutVersions[i] ?? [])),
  );
  const choice =
    chosen === null
      ? baselineOfEvaluations(reader, endpoints, model, await reading, notes)
      : baselineIn(
          reader,
          endpoints,
          { group, model, environment: environmentOf(project, chosen) },
          reading,
          notes,
        );
  const [all, baseline] = await Promise.all([reading, choice]);
  const asked = all.find(({ version }) => version.arn === baseline.version?.arn);
  const aboutBaseline: string[] = [];
  const [facts, history] = await Promise.all([
    asked ?? (baseline.version && readVersion(reader, baseline.version, aboutBaseline)),
    readHistory(reader, model ?? all.find(({ evaluation }) => evaluation)?.evaluation ?? null, notes),
  ]);
  if (asked && chosen !== null) {
    notes.push(`Version ${asked.version.version} itself serves in ${chosen}, so it is the baseline.`);
  }
  return {
    model,
    group,
    baseline: facts && { ...facts, environment: baseline.environment },
    candidates: all.filter((each) => each !== asked),
    endpoint: baseline.endpoint,
    history,
    notes: [...new Set([...notes, ...aboutVersions.flat(), ...aboutBaseline])],
  };
}

/** The history lies where the project's model, or the evaluation itself, says. */
async function readHistory(
  reader: Reader,
  owner: { layer: string; name?: string; model?: string } | null,
  notes: string[],
): Promise<EvaluationRow[]> {
  const name = owner?.name ?? owner?.model;
  if (!owner || name === undefined) return [];
  const key = evaluationHistoryKey(owner.layer, name);
  const rows = await reader.attempt(notes, 'The history of evaluations', async () => {
    const text = await reader.scene.store.getText(key);
    return text === undefined ? [] : parseHistory(text);
  });
  return rows ?? [];
}
