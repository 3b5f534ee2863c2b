import type { Command } from 'commander';
import { inspectEndpoint } from '../../release/inspect';
import { invoke } from '../../release/verify';
import { readText } from '../arguments';
import type { Context } from '../context';
import type { Run } from '../run';

export function addEndpointCommands(program: Command, run: Run): void {
  program
    .command('inspect <endpoint>')
    .description('which version each target model serves, and whether it is what it should be')
    .requiredOption('--env <environment>', 'the environment to look at')
    .addHelpText('after', '\nExample:\n  warmstart inspect flights --env production')
    .action(run(inspectCommand));
  program
    .command('invoke <endpoint> <targetModel>')
    .description('send CSV rows (features only) to a target model and print its predictions')
    .requiredOption('--data <file.csv>', 'rows without a label and without a header')
    .option('--env <environment>', 'the environment to call; the registry environment when absent')
    .addHelpText('after', '\nExample:\n  warmstart invoke flights delay-ord.tar.gz --env qa --data rows.csv')
    .action(run(invokeCommand));
}

async function inspectCommand(context: Context, endpoint: string, options: { env: string }): Promise<void> {
  const inspection = await inspectEndpoint(await context.releaseScene(endpoint, options.env));
  const { output } = context;
  if (inspection.status === null)
    output.note(`${inspection.endpointName} does not exist in ${options.env} yet.`);
  else {
    const instances = inspection.instances
      ? `${inspection.instances.count} × ${inspection.instances.type}`
      : '';
    output.note(
      `${inspection.endpointName} in ${options.env} (account ${inspection.accountId}): ${inspection.status}, ${instances}, release ${inspection.releaseId ?? 'not by Warmstart'}`,
    );
    const { cache } = inspection;
    if (cache) {
      output.note(
        `last hour: ${cache.invocations ?? 'no'} invocations, ${cache.loadedModels ?? '–'} models loaded, cache hit ratio ${cache.hitRatio === null ? '–' : cache.hitRatio.toFixed(3)}`,
      );
    }
  }
  output.table({
    columns: ['target model', 'version', 'approval', 'admitted', 'marks'],
    rows: inspection.targets.map((t) => [
      t.targetModel,
      t.version,
      t.approval,
      t.admitted,
      t.marks.join(', ') || 'ok',
    ]),
  });
  output.event('inspect', inspection);
}

async function invokeCommand(
  context: Context,
  endpointKey: string,
  targetModel: string,
  options: { data: string; env?: string },
): Promise<void> {
  const environment = await context.environment(options.env);
  const body = (await readText(options.data)).trimEnd();
  const scene = await context.releaseScene(endpointKey, environment.name);
  const started = performance.now();
  const answers = await invoke(scene.session, scene.endpoint.name, targetModel, body, context.task.signal);
  const milliseconds = Math.round(performance.now() - started);
  for (const answer of answers) context.output.note(String(answer));
  context.output.event('invoke', {
    endpoint: scene.endpoint.name,
    targetModel,
    milliseconds,
    predictions: answers,
  });
}
