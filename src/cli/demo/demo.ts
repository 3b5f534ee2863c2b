import { Store } from '../../aws/store';
import { readComparison } from '../../comparison/read';
import { WarmstartError } from '../../errors';
import type { Environment, Model, Project } from '../../project/project';
import { modelsOf } from '../../project/project';
import { decide } from '../../registry/approval';
import { loadProbes } from '../../registry/probes';
import { describeVersion } from '../../registry/versions';
import { inspectEndpoint } from '../../release/inspect';
import type { Manifest } from '../../release/manifest';
import { prepareRelease, release } from '../../release/release';
import { probeBody } from '../../release/verify';
import type { RunRecord } from '../../runs/record';
import { retrainAll } from '../../runs/retrain';
import type { Context } from '../context';
import { Claims } from './claims';
import { askAll, type Caller, startTraffic, type Traffic } from './client';
import { Stopwatch } from './stopwatch';

const endpointKey = 'flights';
/** Half-open ends of the two data windows. */
const firstUntil = '2001-04-01';
const secondUntil = '2001-06-01';

export interface DemoResult {
  claims: Claims;
  watch: Stopwatch;
  traffic: Traffic;
  first: RunRecord[];
  second: RunRecord[];
  /** Versions that each environment serves in the end, by target model. */
  serving: Map<string, Map<string, number | null>>;
}

/** The whole loop on the local AWS, with every claim checked as it goes. */
export async function runDemo(context: Context): Promise<DemoResult> {
  const project = await context.project();
  const { output } = context;
  const claims = new Claims(output);
  const watch = new Stopwatch();
  const models = modelsOf(project, endpointKey);
  const production = project.environments.at(-1) as Environment;

  output.note(`\n1  First training of ${models.length} models, on data until ${firstUntil}`);
  const first = await watch.time('retrain (cold)', () => retrained(context, models, firstUntil));
  claims.check(
    'nothing to start from: every model starts cold',
    first.every((run) => run.steps.tune?.result?.parents.length === 0),
  );
  claims.check(
    'every version waits for approval',
    await areAll(context, project, first, 'PendingManualApproval'),
  );

  output.note('\n2  A person approves; each account gets its release');
  await approveAll(context, project, first, 'first models');
  await watch.time('release to 3 accounts', () => releaseEverywhere(context, project, claims));
  const caller = await callerFor(context, project, first);
  const session = await context.session(production);
  const before = await askAll(session, caller);

  output.note(`\n3  New data until ${secondUntil}: warm-started retraining, candidate against champion`);
  const second = await watch.time('retrain (warm)', () => retrained(context, models, secondUntil));
  const parents = new Map(first.map((run) => [run.model, run.steps.tune?.result?.tuningJob]));
  claims.check(
    'every model starts from the tuning job that production came from',
    second.every((run) => run.steps.tune?.result?.parents.includes(parents.get(run.model) ?? '')),
  );
  claims.check(
    'every candidate was measured against the version that serves',
    second.every((run) => run.steps.evaluate?.result?.championMetrics),
  );
  await showComparisons(context, second);
  await approveAll(context, project, second, 'fresher data');

  output.note('\n4  Release while a client invokes production without pause');
  const client = startTraffic(session, caller);
  await watch.time('release under load', () => releaseEverywhere(context, project, claims));
  const traffic = await client.stop();
  claims.check(
    'no caller saw an error',
    traffic.errors.length === 0,
    `${traffic.invocations} invocations, ${traffic.errors.length} errors`,
  );
  const after = await askAll(session, caller);
  for (const [targetModel, answers] of traffic.answers) {
    claims.check(
      `${targetModel} answered as the old version, then as the new one, and as nothing else`,
      answers.length === 2 && answers[0] === before.get(targetModel) && answers[1] === after.get(targetModel),
      `${answers.length} distinct answers`,
    );
  }

  output.note('\n5  One version turns out bad: reject it and release again');
  const bad = second[0] as RunRecord;
  await decideOn(context, project, bad, 'Rejected', 'the demo takes it back');
  const restored = await watch.time('reject and release', () => releaseTo(context, production));
  const rejected = models.find((model) => model.name === bad.model) as Model;
  claims.check(
    `the release brings back version ${first[0]?.steps.register?.result?.version} of ${bad.model}`,
    restored.targets.some(
      (t) => t.model === bad.model && t.version === first[0]?.steps.register?.result?.version,
    ),
  );
  const again = await askAll(session, caller);
  claims.check(
    `${bad.model} predicts what it predicted before, bit for bit`,
    again.get(rejected.targetModel) === before.get(rejected.targetModel),
  );
  for (const model of models.filter((m) => m !== rejected)) {
    claims.check(
      `${model.name} still predicts as its new version does`,
      again.get(model.targetModel) === after.get(model.targetModel),
    );
  }
  const serving = await watch.time('inspect', () => inspectEverywhere(context, project));
  return { claims, watch, traffic, first, second, serving };
}

async function retrained(context: Context, models: Model[], until: string): Promise<RunRecord[]> {
  const outcomes = await retrainAll(await context.runScene(), models, {
    testing: false,
    until,
    parallel: models.length,
  });
  return outcomes.map(({ run, error }) => {
    if (!run) throw error ?? new WarmstartError('demo.no-run', 'A model was not retrained.');
    return run;
  });
}

/** What a person would look at before approving: the headline metric, how sure the difference is, and the gates. */
async function showComparisons(context: Context, runs: RunRecord[]): Promise<void> {
  const arns = runs.map(arnOf);
  const { models } = await readComparison(await context.runScene(), { arns, baseline: null });
  for (const { model, columns } of models) {
    for (const { decision } of columns) {
      if (!decision) continue;
      context.output.note(`  ${model}: ${decision.sentence}`);
      for (const { passed, reason } of decision.gates)
        context.output.note(`    ${passed ? 'gate passed' : 'GATE FAILED'}: ${reason}`);
    }
  }
}

async function areAll(
  context: Context,
  project: Project,
  runs: RunRecord[],
  approval: string,
): Promise<boolean> {
  const session = await context.session(project.registry);
  const versions = await Promise.all(runs.map((run) => describeVersion(session, arnOf(run))));
  return versions.every((version) => version.approval === approval);
}

async function approveAll(
  context: Context,
  project: Project,
  runs: RunRecord[],
  comment: string,
): Promise<void> {
  for (const run of runs) await decideOn(context, project, run, 'Approved', comment);
}

async function decideOn(
  context: Context,
  project: Project,
  run: RunRecord,
  decision: 'Approved' | 'Rejected',
  comment: string,
): Promise<void> {
  const session = await context.session(project.registry);
  const arn = arnOf(run);
  const expect = await describeVersion(session, arn);
  await decide(
    session,
    { arn, decision, comment, expect, by: (await session.whoAmI()).arn },
    context.task.now(),
  );
}

async function releaseEverywhere(context: Context, project: Project, claims: Claims): Promise<void> {
  for (const environment of project.environments) {
    const manifest = await releaseTo(context, environment);
    claims.check(
      `${environment.name} (account ${environment.accountId}) serves release ${manifest.releaseId}`,
      manifest.status === 'released',
      `${manifest.verified?.probes ?? 0} probes answered as expected`,
    );
  }
}

async function releaseTo(context: Context, environment: Environment): Promise<Manifest> {
  const scene = await context.releaseScene(endpointKey, environment.name);
  return release(scene, await prepareRelease(scene));
}

/** The client asks each target model for the rows that its first version was registered with. */
async function callerFor(context: Context, project: Project, runs: RunRecord[]): Promise<Caller> {
  const session = await context.session(project.registry);
  const questions = new Map<string, string>();
  for (const run of runs) {
    const version = await describeVersion(session, arnOf(run));
    const probes = await loadProbes(new Store(session), version.probes);
    const model = project.models.find((m) => m.name === run.model) as Model;
    questions.set(model.targetModel, probeBody({ probes }));
  }
  return { endpointName: endpointKey, questions };
}

async function inspectEverywhere(context: Context, project: Project): Promise<DemoResult['serving']> {
  const serving: DemoResult['serving'] = new Map();
  for (const environment of project.environments) {
    const { targets } = await inspectEndpoint(await context.releaseScene(endpointKey, environment.name));
    serving.set(environment.name, new Map(targets.map((target) => [target.targetModel, target.version])));
  }
  return serving;
}

function arnOf(run: RunRecord): string {
  return run.steps.register?.result?.packageArn ?? '';
}
