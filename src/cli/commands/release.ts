import type { Command } from 'commander';
import { WarmstartError } from '../../errors';
import type { Manifest } from '../../release/manifest';
import { isHeld, type ReleasePlan } from '../../release/plan';
import { type Prepared, prepareRelease, release, resumeRelease } from '../../release/release';
import { rollBack } from '../../release/rollback';
import type { Context } from '../context';
import type { Output, Table } from '../output';
import { confirm, type Run } from '../run';

export function addReleaseCommands(program: Command, run: Run): void {
  program
    .command('release <endpoint>')
    .description('bring an endpoint of one environment to what the registry admits, and prove it')
    .requiredOption('--env <environment>', 'the environment to release to')
    .option('--dry-run', 'show the plan and write nothing')
    .option('--without <model...>', 'leave these models or target models out of the release')
    .option('--resume <releaseId>', 'go on with an interrupted release')
    .option('--yes', 'do not ask before releasing to a protected environment')
    .addHelpText('after', '\nExample:\n  warmstart release flights --env production --dry-run')
    .action(run(releaseCommand));
  program
    .command('rollback <endpoint>')
    .description('go straight back to the release before, or to a named one')
    .requiredOption('--env <environment>', 'the environment to roll back')
    .option('--to <releaseId>', 'the release to go back to')
    .option('--yes', 'do not ask in a protected environment')
    .addHelpText('after', '\nExample:\n  warmstart rollback flights --env production')
    .action(run(rollbackCommand));
}

interface ReleaseOptions {
  env: string;
  dryRun?: boolean;
  without?: string[];
  resume?: string;
  yes?: boolean;
}

async function releaseCommand(context: Context, endpoint: string, options: ReleaseOptions): Promise<void> {
  const scene = await context.releaseScene(endpoint, options.env);
  if (options.resume !== undefined)
    return showReleased(context.output, await resumeRelease(scene, options.resume));
  const prepared = await prepareRelease(scene, { without: options.without ?? [] });
  showPlan(context.output, scene.endpoint.name, options.env, prepared);
  if (options.dryRun) return;
  if (prepared.plan.refusals.length === 0 && prepared.plan.nothingToDo) {
    context.output.note('Nothing to do: the endpoint already serves what the registry admits.');
    context.output.event('release.unchanged', { endpoint, environment: options.env });
    return;
  }
  if (scene.environment.protected && !options.yes) {
    const { name, accountId } = scene.environment;
    await confirm(
      context,
      `Release ${changes(prepared.plan)} to ${scene.endpoint.name} in ${name} (account ${accountId})?`,
    );
  }
  showReleased(context.output, await release(scene, prepared));
}

async function rollbackCommand(
  context: Context,
  endpoint: string,
  options: { env: string; to?: string; yes?: boolean },
): Promise<void> {
  const scene = await context.releaseScene(endpoint, options.env);
  if (scene.environment.protected && !options.yes) {
    await confirm(
      context,
      `Roll back ${scene.endpoint.name} in ${options.env} (account ${scene.environment.accountId})?`,
    );
  }
  const manifest = await rollBack(scene, options.to);
  context.output.note(
    `${manifest.endpointName} serves release ${manifest.rolledBackTo} again; ${manifest.verified?.probes ?? 0} probes answered as expected.`,
  );
  context.output.event('rollback.done', {
    endpoint,
    environment: options.env,
    releaseId: manifest.releaseId,
    rolledBackTo: manifest.rolledBackTo,
    probes: manifest.verified?.probes ?? 0,
  });
}

function showPlan(output: Output, endpointName: string, environment: string, { plan, live }: Prepared): void {
  output.table(planTable(endpointName, environment, plan));
  for (const note of plan.notes) output.note(note);
  for (const refusal of plan.refusals) output.note(`Refused: ${refusal}`);
  output.event('release.plan', {
    endpoint: endpointName,
    environment,
    first: plan.first,
    live: live?.configName ?? null,
    nothingToDo: plan.nothingToDo,
    refusals: plan.refusals,
    notes: plan.notes,
    targets: plan.targets.map(({ targetModel, model, action, from, to, notes }) => ({
      targetModel,
      model,
      action,
      from,
      to,
      notes,
    })),
  });
}

export function planTable(endpointName: string, environment: string, plan: ReleasePlan): Table {
  return {
    title: `Release of ${endpointName} to ${environment}${plan.first ? ' (the endpoint is created)' : ''}`,
    columns: ['target model', 'action', 'from', 'to', 'notes'],
    rows: plan.targets.map((t) => [t.targetModel, t.action, t.from, t.to, t.notes.join('; ')]),
  };
}

function changes(plan: ReleasePlan): string {
  const changed = plan.targets.filter((t) => isHeld(t) && t.action !== 'keep' && t.action !== 'carry');
  return changed.map((t) => `${t.targetModel} → ${t.to}`).join(', ') || 'the plan';
}

function showReleased(output: Output, manifest: Manifest): void {
  if (manifest.status !== 'released') {
    throw new WarmstartError(
      'release.not-released',
      `Release ${manifest.releaseId} is ${manifest.status}. ${manifest.reason ?? ''}`,
    );
  }
  output.note(
    `${manifest.endpointName} serves release ${manifest.releaseId}: ${manifest.targets.length} target models, ${manifest.verified?.probes ?? 0} probes answered as expected.`,
  );
  output.event('release.done', {
    endpoint: manifest.endpoint,
    environment: manifest.environment,
    releaseId: manifest.releaseId,
    config: manifest.configName,
    probes: manifest.verified?.probes ?? 0,
    targets: manifest.targets.map(({ targetModel, version, packageArn }) => ({
      targetModel,
      version,
      packageArn,
    })),
  });
}
