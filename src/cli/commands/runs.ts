import type { Command } from 'commander';
import { Store } from '../../aws/store';
import { WarmstartError } from '../../errors';
import { type Environment, modelOf } from '../../project/project';
import { listManifests, type Manifest } from '../../release/manifest';
import { isUnreachable } from '../../runs/champion';
import { findRun, listRuns, type RunRecord, stepNames } from '../../runs/record';
import { type Outcome, resumeRun, retrainAll } from '../../runs/retrain';
import { stopRun } from '../../runs/stop';
import { positive } from '../arguments';
import type { Context } from '../context';
import { exitCodes, type Run } from '../run';

/** How many models are retrained side by side: exports and tuning jobs are SageMaker's and the warehouse's work. */
const defaultParallel = 4;

const goesOn =
  'Stopped waiting. Tuning jobs go on in AWS; go on with "warmstart resume <model>", or end them with "warmstart stop <model>".';

export function addRunCommands(program: Command, run: Run): void {
  program
    .command('retrain [models...]')
    .description('warehouse → warm-started tuning → evaluation → a version that waits for approval')
    .option('--all', 'every model of the project')
    .option('--testing', 'one training job, to try the pipeline; never a parent, never released')
    .option('--until <YYYY-MM-DD>', 'the end of the data window; today − pushbackDays when absent')
    .option('--parallel <n>', 'models at a time', String(defaultParallel))
    .addHelpText('after', '\nExample:\n  warmstart retrain delay-ord delay-atl --until 2026-06-01')
    .action(run(retrainCommand, goesOn));
  program
    .command('resume <model>')
    .description('go on with a run that was interrupted, on this machine or another')
    .option('--run <runId>', 'the run; the newest of the model when absent')
    .addHelpText('after', '\nExample:\n  warmstart resume delay-ord')
    .action(run(resumeCommand, goesOn));
  program
    .command('stop <model>')
    .description('end a run and its tuning job')
    .option('--run <runId>', 'the run; the newest of the model when absent')
    .addHelpText('after', '\nExample:\n  warmstart stop delay-ord')
    .action(run(stopCommand));
  program
    .command('status')
    .description('the newest runs of each model and the newest release of each endpoint')
    .option('--limit <n>', 'runs of each model', '3')
    .addHelpText('after', '\nExample:\n  warmstart status --limit 1')
    .action(run(statusCommand));
}

interface RetrainFlags {
  all?: boolean;
  testing?: boolean;
  until?: string;
  parallel: string;
}

async function retrainCommand(context: Context, names: string[], flags: RetrainFlags): Promise<void> {
  const project = await context.project();
  const models = flags.all ? project.models : names.map((name) => modelOf(project, name));
  const parallel = positive(flags.parallel, '--parallel');
  if (models.length === 0) {
    throw new WarmstartError('usage.no-model', 'No model is named.', {
      kind: 'usage',
      remedy: `Name one of ${project.models.map((m) => m.name).join(', ')}, or use --all.`,
    });
  }
  const outcomes = await retrainAll(await context.runScene(), models, {
    testing: flags.testing ?? false,
    parallel,
    ...(flags.until === undefined ? {} : { until: flags.until }),
  });
  for (const { run, error } of outcomes) {
    if (run) context.output.event('retrain.done', runEvent(run));
    else if (error) context.output.error(error);
  }
  context.output.table({
    columns: ['model', 'version', 'metric', 'value', 'parents', 'gates', 'outcome'],
    rows: outcomes.map(outcomeRow),
  });
  const failed = outcomes.find((outcome) => outcome.error);
  if (failed) process.exitCode = exitCodes[failed.error?.kind ?? 'failed'];
}

async function resumeCommand(context: Context, model: string, flags: { run?: string }): Promise<void> {
  const run = await resumeRun(await context.runScene(), model, flags.run);
  const [, version, , , , , outcome] = outcomeRow({ model, run });
  context.output.note(
    `Run ${run.runId} of ${model}${version === null ? '' : `, version ${version}`}: ${outcome}.`,
  );
  context.output.event('retrain.done', runEvent(run));
}

async function stopCommand(context: Context, model: string, flags: { run?: string }): Promise<void> {
  const scene = await context.runScene();
  const run = await stopRun(scene, await findRun(scene.store, model, flags.run));
  context.output.note(`Run ${run.runId} of ${model} is stopped.`);
  context.output.event('run.stopped', runEvent(run));
}

async function statusCommand(context: Context, flags: { limit: string }): Promise<void> {
  const limit = positive(flags.limit, '--limit');
  const { project, store } = await context.runScene();
  const runs = (await Promise.all(project.models.map((m) => listRuns(store, m.name, limit)))).flat();
  for (const run of runs) context.output.event('run', runEvent(run));
  context.output.table({
    title: 'Runs',
    columns: ['model', 'run', 'status', 'step', 'started', 'host'],
    rows: runs.map((run) => [run.model, run.runId, run.status, currentStep(run), run.startedAt, run.host]),
  });
  const rows: (string | number | null)[][] = [];
  for (const environment of project.environments) {
    for (const endpoint of Object.keys(project.source.endpoints)) {
      const newest = await newestRelease(context, environment, endpoint);
      if (!newest) continue;
      rows.push([
        environment.name,
        endpoint,
        newest.releaseId,
        newest.kind,
        newest.status,
        newest.reason ?? '',
      ]);
      const { releaseId, kind, status, reason } = newest;
      context.output.event('release', {
        environment: environment.name,
        endpoint,
        releaseId,
        kind,
        status,
        reason,
      });
    }
  }
  context.output.table({
    title: 'Releases',
    columns: ['environment', 'endpoint', 'release', 'kind', 'status', 'reason'],
    rows,
  });
}

/** Not every account's credentials are at hand everywhere: one that cannot be read hides no other. */
async function newestRelease(
  context: Context,
  environment: Environment,
  endpoint: string,
): Promise<Pick<Manifest, 'releaseId' | 'kind' | 'status' | 'reason'> | undefined> {
  try {
    const [newest] = await listManifests(new Store(await context.session(environment)), endpoint, 1);
    return newest;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    context.output.note(`${environment.name} could not be read: ${error.message}`);
    return undefined;
  }
}

export function runEvent(run: RunRecord): object {
  const { tune, evaluate, register } = run.steps;
  return {
    model: run.model,
    runId: run.runId,
    status: run.status,
    step: currentStep(run),
    testing: run.testing,
    window: run.window,
    tuningJob: tune?.result?.tuningJob ?? null,
    parents: tune?.result?.parents ?? [],
    refused: tune?.result?.refused ?? [],
    coldStartReason: tune?.result?.coldStartReason ?? null,
    best: tune?.result?.best ?? null,
    metrics: evaluate?.result?.metrics ?? null,
    championMetrics: evaluate?.result?.championMetrics ?? null,
    gatesPassed: evaluate?.result?.gatesPassed ?? null,
    packageArn: register?.result?.packageArn ?? null,
    version: register?.result?.version ?? null,
  };
}

function outcomeRow({ model, run, error }: Outcome): (string | number | null)[] {
  const tune = run?.steps.tune?.result;
  const gates = run?.steps.evaluate?.result?.gatesPassed;
  return [
    model,
    run?.steps.register?.result?.version ?? null,
    tune?.best?.metric ?? null,
    tune?.best?.value ?? null,
    tune ? tune.parents.join(', ') || (tune.coldStartReason ?? 'cold start') : null,
    gates === undefined ? null : gates ? 'passed' : 'FAILED',
    error ? error.code : outcomeOf(run),
  ];
}

function outcomeOf(run: RunRecord | undefined): string {
  if (run?.steps.tune?.result?.parentWins) return 'nothing new: a parent is still the best';
  return run?.testing ? 'a testing run, never released' : 'waits for approval';
}

function currentStep(run: RunRecord): string {
  // A run of which nothing new came skips steps, and is done all the same.
  if (run.status === 'completed') return 'done';
  return stepNames.find((name) => run.steps[name]?.status !== 'done') ?? 'done';
}
