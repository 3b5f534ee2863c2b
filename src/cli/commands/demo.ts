import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { WarmstartError } from '../../errors';
import type { RunRecord } from '../../runs/record';
import { startSandbox, stopSandbox } from '../../sandbox-process';
import { Context } from '../context';
import { type DemoResult, runDemo } from '../demo/demo';
import type { Output } from '../output';
import type { Run } from '../run';

/** AWS's minutes become fractions of a second; training and predicting take what they take. */
const speed = 600;

export function addDemoCommand(program: Command, run: Run): void {
  program
    .command('demo')
    .description('the whole loop on the local AWS, in about a minute, with every claim checked')
    .option('--keep', 'leave the sandbox running, to look around in it')
    .option('--record <file>', 'append every AWS request as one JSON line')
    .addHelpText('after', '\nExample:\n  warmstart demo --json')
    .action(run(demoCommand));
}

async function demoCommand(context: Context, options: { keep?: boolean; record?: string }): Promise<void> {
  const { output, task } = context;
  const began = performance.now();
  const home = await mkdtemp(join(tmpdir(), 'warmstart-demo-'));
  try {
    output.note('A local AWS with three accounts and a sample warehouse starts …');
    const info = await startSandbox(
      { home, port: 0, speed, ...(options.record === undefined ? {} : { record: options.record }) },
      task,
    );
    // From here on this process is a user whose AWS configuration names the sandbox's three accounts.
    process.env.AWS_CONFIG_FILE = info.configFile;
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(home, 'no-credentials');
    for (const name of [
      'AWS_PROFILE',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_ENDPOINT_URL',
    ]) {
      delete process.env[name];
    }
    const inside = new Context({ project: info.projectFile }, output, task);
    try {
      show(output, await runDemo(inside), Math.round((performance.now() - began) / 100) / 10);
    } finally {
      await inside.close();
    }
    if (options.keep)
      output.note(
        `The sandbox is still up; its home is ${home}. Stop it with: warmstart sandbox down --home "${home}"`,
      );
  } finally {
    if (!options.keep) {
      await stopSandbox(home, task);
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

function show(output: Output, result: DemoResult, seconds: number): void {
  const { claims, watch, traffic, second, serving } = result;
  output.table({
    title: 'Models',
    columns: ['model', 'parents', 'champion rmse', 'candidate rmse', 'gates', ...serving.keys()],
    rows: second.map((run) => modelRow(run, serving)),
  });
  output.table({
    title: 'Seconds',
    columns: ['step', 'seconds'],
    rows: [...watch.laps.map((lap) => [lap.step, lap.seconds]), ['all, with start of the sandbox', seconds]],
  });
  output.event('demo.done', {
    models: second.length,
    invocations: traffic.invocations,
    errors: traffic.errors.length,
    claims: claims.count,
    broken: claims.broken,
    seconds,
    steps: watch.laps,
    rmse: second.map((run) => ({
      model: run.model,
      champion: run.steps.evaluate?.result?.championMetrics?.rmse ?? null,
      candidate: run.steps.evaluate?.result?.metrics.rmse ?? null,
    })),
    serving: Object.fromEntries(
      [...serving].map(([environment, versions]) => [environment, Object.fromEntries(versions)]),
    ),
  });
  if (claims.broken.length) {
    throw new WarmstartError(
      'demo.claim',
      `${claims.broken.length} of ${claims.count} claims do not hold: ${claims.broken.join('; ')}`,
    );
  }
  output.note(
    `\nAll ${claims.count} claims hold. ${traffic.invocations} invocations of production during the release, ${traffic.errors.length} errors.`,
  );
}

function modelRow(run: RunRecord, serving: DemoResult['serving']): (string | number | null)[] {
  const evaluated = run.steps.evaluate?.result;
  return [
    run.model,
    run.steps.tune?.result?.parents.join(', ') ?? '',
    evaluated?.championMetrics?.rmse ?? null,
    evaluated?.metrics.rmse ?? null,
    evaluated?.gatesPassed ? 'passed' : 'FAILED',
    ...[...serving.values()].map((versions) => versions.get(`${run.model}.tar.gz`) ?? null),
  ];
}
