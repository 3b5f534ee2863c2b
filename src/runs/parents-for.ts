import { groupArn } from '../registry/groups';
import { listSummaries } from '../registry/versions';
import { type Candidate, describeCandidates, type Refusal, rowsOf } from '../tuning/candidates';
import { type ChildPlan, childOf } from '../tuning/definition';
import { readHistory } from '../tuning/history';
import { chooseParents } from '../tuning/parents';
import type { StepScene } from './scene';

export interface Parents {
  /** Newest first. */
  parents: Candidate[];
  refused: Refusal[];
  notes: string[];
  /** Why there is no parent, as a full sentence; undefined when there is one. */
  coldStartReason?: string;
}

/** The parents of the tuning job that a model's run would start now, and those turned down. Reads only. */
export async function parentsFor(
  scene: Pick<StepScene, 'project' | 'session' | 'store' | 'model'> & Pick<ChildPlan, 'testing' | 'dataset'>,
): Promise<Parents> {
  const { project, session, model, store, testing, dataset } = scene;
  const { warmStart } = model.tuning;
  const none = { parents: [], refused: [], notes: [] };
  if (warmStart === false) return { ...none, coldStartReason: 'Cold start: the project file says so.' };
  if (testing) return { ...none, coldStartReason: 'Cold start: a testing run has one job only.' };
  const rows = rowsOf(await readHistory(store), model);
  if (rows.length === 0)
    return { ...none, coldStartReason: `Cold start: ${model.name} has no tuning job yet.` };
  const versions = await listSummaries(session, groupArn(project.registry, model.packageGroup));
  const approvals = new Map(versions.map((version) => [version.arn, version.approval]));
  const { candidates, refused } = await describeCandidates(session, rows, approvals);
  return chooseParents({
    child: childOf({ model, environment: project.registry, dataset, testing }),
    wanted: warmStart.parents,
    candidates,
    policy: warmStart.from,
    refused,
  });
}
