import type { WarmStart } from '../project/schema';
import type { Candidate, Hyperparameters, Refusal } from './candidates';

/** The tuning job that is about to start, as far as its parents have to match it. */
export interface Child extends Hyperparameters {
  model: string;
  layer: string;
  objective: string;
  /** Such as `validation:rmse`. */
  metric: string;
  type: 'Minimize' | 'Maximize';
  strategy: 'Bayesian' | 'Random' | 'Hyperband' | 'Grid';
  warmStartType: WarmStart['type'];
  image: string;
  /** S3 URI of each channel. */
  data: Record<string, string>;
  account: string;
  region: string;
  maxJobs: number;
}

export interface ParentRequest {
  child: Child;
  /** How many parents: 1 to 5. */
  wanted: number;
  candidates: readonly Candidate[];
  policy: WarmStart['from'];
  /** Turned down before they could be described. */
  refused?: readonly Refusal[];
  /** Training jobs of the child and all its parents. */
  budget?: { warn: number; refuse: number };
}

export interface ParentChoice {
  /** Newest first. */
  parents: Candidate[];
  /** Newest first, after those refused beforehand. */
  refused: Refusal[];
  /** Fit to be parents, but older than as many as were wanted. */
  spare: Candidate[];
  /** Full sentences for the log: what to know about the parents chosen. */
  notes: string[];
  /** Why there is no parent, as a full sentence; undefined when there is one. */
  coldStartReason?: string;
}

/**
 * AWS counts the parents' training jobs against the child's limit. The Developer Guide says 500 on the page on
 * warm start and 750 on the page on limits, so that the one warns and the other refuses.
 */
const defaultBudget = { warn: 500, refuse: 750 };
const maxParents = 5;
/** Tunable → static, and new values of statics, of one warm start (Developer Guide, warm start). */
const maxChanges = 10;
const warmStartBegan = '2018-10-01';

/**
 * Chooses the parents of a warm start: the newest that fit. Pure; the order of `candidates` does not matter.
 */
export function chooseParents(request: ParentRequest): ParentChoice {
  const { child, candidates } = request;
  const refused = [...(request.refused ?? [])];
  if (child.strategy === 'Hyperband' || child.strategy === 'Grid') {
    return {
      parents: [],
      refused,
      spare: [],
      notes: [],
      coldStartReason: `Cold start: a tuning job with strategy ${child.strategy} cannot be warm-started.`,
    };
  }
  const budget = request.budget ?? defaultBudget;
  const wanted = Math.min(Math.max(Math.floor(request.wanted), 0), maxParents);
  const parents: Candidate[] = [];
  const spare: Candidate[] = [];
  let jobs = child.maxJobs;
  for (const candidate of distinct(candidates)) {
    const reason = objection(child, candidate, request.policy);
    if (reason !== undefined) refused.push({ name: candidate.name, reason });
    else if (parents.length >= wanted) spare.push(candidate);
    else if (jobs + candidate.trainingJobs > budget.refuse) {
      refused.push({
        name: candidate.name,
        reason: `${candidate.name} ran ${candidate.trainingJobs} training jobs, and with the ${jobs} of the new job and its other parents that is more than the ${budget.refuse} that SageMaker counts together.`,
      });
    } else {
      parents.push(candidate);
      jobs += candidate.trainingJobs;
    }
  }
  const notes = notesOn(parents, jobs, budget.warn);
  if (parents.length > 0) return { parents, refused, spare, notes };
  return { parents, refused, spare, notes, coldStartReason: coldStart(child.model, refused.length) };
}

/** Newest first, each name once. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const sorted = [...candidates].sort((a, b) => compare(b.createdAt, a.createdAt) || compare(a.name, b.name));
  const seen = new Set<string>();
  return sorted.filter(({ name }) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()));
}

function notesOn(parents: readonly Candidate[], jobs: number, warn: number): string[] {
  const notes: string[] = [];
  if (jobs > warn) {
    notes.push(
      `The new job and its parents have ${jobs} training jobs together; SageMaker may refuse more than ${warn}.`,
    );
  }
  const names = new Set(parents.map((p) => p.name));
  const ancestors = new Set(parents.flatMap((p) => p.parents).filter((name) => !names.has(name)));
  if (ancestors.size > 0) {
    notes.push(
      `Warm start is not recursive: what ${[...ancestors].join(', ')} found is used only as far as ${[...names].join(', ')} came by it. Raise "parents" to use more.`,
    );
  }
  return notes;
}

function coldStart(model: string, refused: number): string {
  if (refused === 0) return `Cold start: there is no earlier tuning job of ${model}.`;
  return refused === 1
    ? `Cold start: the one earlier tuning job of ${model} cannot be a parent.`
    : `Cold start: none of the ${refused} earlier tuning jobs of ${model} can be a parent.`;
}

/** Why a candidate cannot be a parent, as a full sentence; undefined when it can. */
export function objection(child: Child, candidate: Candidate, policy: WarmStart['from']): string | undefined {
  const clause =
    ofAnother(child, candidate) ??
    withoutResult(candidate) ??
    notAdmitted(candidate, policy) ??
    otherHyperparameters(child, candidate) ??
    (child.warmStartType === 'IdenticalDataAndAlgorithm' ? otherData(child, candidate) : undefined);
  return clause === undefined ? undefined : `${candidate.name} ${clause}.`;
}

function ofAnother(child: Child, { row, ...job }: Candidate): string | undefined {
  if (row.layer !== child.layer) return `belongs to layer ${row.layer}, not ${child.layer}`;
  if (row.model !== child.model) return `belongs to model ${row.model}, not ${child.model}`;
  if (job.account !== child.account || job.region !== child.region) {
    return `ran in account ${job.account}, ${job.region}; a parent must be in ${child.account}, ${child.region}`;
  }
  // For an image of one's own, a hyperparameter of that name is one like any other.
  const isHyperparameter = child.fixed.objective === child.objective;
  const objective = (isHyperparameter ? job.fixed.objective : undefined) ?? row.objective;
  if (objective !== child.objective) return `has the objective ${objective}, not ${child.objective}`;
  if (row.evalMetric !== child.metric || job.metric !== child.metric) {
    return `was tuned for ${job.metric || row.evalMetric}, not ${child.metric}`;
  }
  if (job.type !== child.type) return `was tuned to ${job.type} ${job.metric}, not to ${child.type} it`;
  if (repositoryOf(job.image) !== repositoryOf(child.image)) {
    return `was trained by ${repositoryOf(job.image)}, not by ${repositoryOf(child.image)}; only the version of the image may differ`;
  }
  return undefined;
}

function withoutResult(job: Candidate): string | undefined {
  if (job.row.testing) return 'was a testing run';
  if (!['Completed', 'Stopped', 'Failed'].includes(job.status)) return `has not ended; it is ${job.status}`;
  if (job.succeeded < 1) return 'has no training job that succeeded';
  if (job.createdAt < warmStartBegan)
    return `is older than ${warmStartBegan}, before which SageMaker had no warm start`;
  if (job.strategy === 'Hyperband' || job.strategy === 'Grid') {
    return `used strategy ${job.strategy}, from which no warm start is possible`;
  }
  if (job.definition === undefined) return 'has several training job definitions';
  return undefined;
}

function notAdmitted({ approval }: Candidate, policy: WarmStart['from']): string | undefined {
  if (policy === 'latest') return undefined;
  if (approval === 'Rejected') return 'led to a version that was rejected';
  if (approval === 'Deleted') return 'led to a version that was deleted from the registry';
  if (policy === 'latest-not-rejected' || approval === 'Approved') return undefined;
  return approval === null ? 'led to no registered version' : 'led to a version that is not approved yet';
}

function otherHyperparameters(child: Child, parent: Candidate): string | undefined {
  const now = new Set([...Object.keys(child.tuned), ...Object.keys(child.fixed)]);
  const then = new Set([...Object.keys(parent.tuned), ...Object.keys(parent.fixed)]);
  const added = [...now].filter((name) => !then.has(name)).sort();
  const gone = [...then].filter((name) => !now.has(name)).sort();
  if (added.length > 0 || gone.length > 0) {
    const parts = [
      ...(added.length > 0 ? [`lacks ${added.join(', ')}`] : []),
      ...(gone.length > 0 ? [`has ${gone.join(', ')}, which the new job has not`] : []),
    ];
    return `${parts.join(' and ')}; parent and child must have the same hyperparameters`;
  }
  const changed = Object.keys(child.tuned).filter(
    (name) => parent.tuned[name] !== undefined && parent.tuned[name] !== child.tuned[name],
  );
  if (changed.length > 0) {
    return changed
      .sort()
      .map((name) => `tuned ${name} as ${parent.tuned[name]}, not as ${child.tuned[name]}`)
      .join(' and ');
  }
  const changes = countChanges(child, parent);
  if (changes > maxChanges) {
    return `differs in its static hyperparameters by ${changes} changes; SageMaker allows ${maxChanges}`;
  }
  return undefined;
}

/** Changes as SageMaker counts them: a new value of a static one is one, from tuned to static is two. */
export function countChanges(child: Hyperparameters, parent: Hyperparameters): number {
  let changes = 0;
  for (const [name, value] of Object.entries(child.fixed)) {
    if (parent.tuned[name] !== undefined) changes += 2;
    else if (parent.fixed[name] !== value) changes += 1;
  }
  return changes;
}

function otherData(child: Child, parent: Candidate): string | undefined {
  if (parent.image !== child.image) {
    return 'was trained by another version of the image; IdenticalDataAndAlgorithm needs the same, TransferLearning does not';
  }
  const differ = Object.keys(child.data).some((channel) => child.data[channel] !== parent.data[channel]);
  return differ
    ? 'was trained on other data; IdenticalDataAndAlgorithm needs the same, TransferLearning does not'
    : undefined;
}

/** An image without its tag or digest: what stays the same from version to version. */
function repositoryOf(image: string): string {
  return image.replace(/@sha256:.*$/, '').replace(/:[^/:]*$/, '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
