import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { WarmstartError } from '../../errors';
import {
  defaultHome,
  runningSandbox,
  type SandboxInfo,
  startSandbox,
  stopSandbox,
} from '../../sandbox-process';
import type { Context } from '../context';
import type { Run } from '../run';

export function addSandboxCommands(program: Command, run: Run): void {
  const sandbox = program
    .command('sandbox')
    .helpCommand(false)
    .description(
      'a local AWS with three accounts and a sample warehouse, to try everything without an AWS account',
    );
  sandbox
    .command('up')
    .description('start it; it keeps running, and its state survives a restart')
    .option('--port <n>', 'the port of its endpoint; a free one when absent')
    .option('--home <dir>', 'where its state lives', defaultHome)
    .option('--record <file>', 'append every request as one JSON line')
    .option('--speed <factor>', 'how much faster than AWS its clock runs', '60')
    .addHelpText('after', '\nExample:\n  warmstart sandbox up --json')
    .action(run(upCommand));
  sandbox
    .command('down')
    .description('stop it')
    .option('--home <dir>', 'where its state lives', defaultHome)
    .addHelpText('after', '\nExample:\n  warmstart sandbox down')
    .action(run(downCommand));
  sandbox
    .command('reset')
    .description('stop it and forget everything in it')
    .option('--home <dir>', 'where its state lives', defaultHome)
    .addHelpText('after', '\nExample:\n  warmstart sandbox reset')
    .action(run(resetCommand));
}

async function upCommand(
  context: Context,
  options: { port?: string; home: string; record?: string; speed: string },
): Promise<void> {
  const home = resolve(options.home);
  const running = await runningSandbox(home);
  const info =
    running ??
    (await startSandbox(
      {
        home,
        speed: number(options.speed, '--speed'),
        ...(options.port === undefined ? {} : { port: number(options.port, '--port') }),
        ...(options.record === undefined ? {} : { record: resolve(options.record) }),
      },
      context.task,
    ));
  const { output } = context;
  output.note(
    `The sandbox ${running ? 'was running already' : 'is up'} at ${info.endpoint} (process ${info.pid}).`,
  );
  output.note(`Its sample project is ${info.projectFile}.`);
  output.note('To use it in this shell, point the AWS configuration at it:');
  for (const line of environmentLines(info)) output.note(`  ${line}`);
  output.note(`Then: warmstart --project "${info.projectFile}" retrain --all --until 2001-04-01`);
  output.event('sandbox.ready', info);
}

async function downCommand(context: Context, options: { home: string }): Promise<void> {
  const stopped = await stopSandbox(resolve(options.home), context.task);
  context.output.note(stopped ? 'The sandbox is down; its state is kept.' : 'No sandbox was running.');
  context.output.event('sandbox.down', { stopped });
}

async function resetCommand(context: Context, options: { home: string }): Promise<void> {
  const home = resolve(options.home);
  await stopSandbox(home, context.task);
  // Only what the sandbox itself makes: a mistyped --home must not cost anyone a folder.
  for (const part of ['state', 'aws', 'project', 'sandbox.json', 'sandbox.log']) {
    await rm(resolve(home, part), { recursive: true, force: true });
  }
  context.output.note('The sandbox is empty again.');
  context.output.event('sandbox.reset', { home });
}

export function environmentLines(info: SandboxInfo): string[] {
  const variables = {
    AWS_CONFIG_FILE: info.configFile,
    ...(info.credentialsFile === undefined ? {} : { AWS_SHARED_CREDENTIALS_FILE: info.credentialsFile }),
  };
  return Object.entries(variables).map(([name, value]) =>
    process.platform === 'win32' ? `$env:${name} = "${value}"` : `export ${name}="${value}"`,
  );
}

function number(text: string, option: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new WarmstartError('usage.number', `${option} must be a number, not "${text}".`, { kind: 'usage' });
}
