import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf, WarmstartError } from '../errors';
import { profileNames } from './profiles';
import { type Sandbox, startSandbox } from './sandbox';

interface Arguments {
  port: number;
  home: string;
  speed: number;
  record?: string;
  json: boolean;
}

/** @throws WarmstartError sandbox.arguments */
function readArguments(): Arguments {
  const { values } = parse();
  return {
    port: numberOf('port', values.port, 0, 65535),
    home: resolve(values.home ?? join(homedir(), '.warmstart', 'sandbox')),
    speed: numberOf('speed', values.speed, 0.001, 1_000_000),
    record: values.record && resolve(values.record),
    json: values.json,
  };
}

function parse() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '4599' },
        home: { type: 'string' },
        record: { type: 'string' },
        speed: { type: 'string', default: '60' },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new WarmstartError('sandbox.arguments', messageOf(cause), {
      kind: 'usage',
      remedy: 'Known are --port N, --home DIR, --record FILE, --speed N and --json.',
      cause,
    });
  }
}

function numberOf(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new WarmstartError('sandbox.arguments', `--${name} ${text} is not a number from ${min} to ${max}.`, {
    kind: 'usage',
    remedy: `Give --${name} a number in that range.`,
  });
}

/** What a program that starts the sandbox needs to know. */
function readyEvent(sandbox: Sandbox, home: string) {
  return {
    event: 'sandbox.ready',
    endpoint: sandbox.url,
    port: sandbox.port,
    home,
    configFile: sandbox.configFile,
    profiles: profileNames,
    projectFile: sandbox.projectFile,
    warehouse: sandbox.warehouse,
    pid: process.pid,
  };
}

/**
 * Two processes over one home would overwrite each other's state.
 * @throws WarmstartError sandbox.already-running
 */
async function refuseSecond(stateFile: string): Promise<void> {
  if (!existsSync(stateFile)) return;
  let endpoint: string;
  let pid: number;
  try {
    ({ endpoint, pid } = JSON.parse(readFileSync(stateFile, 'utf8')));
    const answer = await fetch(`${endpoint}/_sandbox/health`, { signal: AbortSignal.timeout(2000) });
    if (((await answer.json()) as { pid?: number }).pid !== pid) return;
  } catch {
    return;
  }
  throw new WarmstartError(
    'sandbox.already-running',
    `A sandbox already runs at ${endpoint} (process ${pid}).`,
    {
      kind: 'refused',
      remedy: 'Use it, stop it, or start this one with another --home.',
    },
  );
}

async function main(): Promise<void> {
  const { json, ...options } = readArguments();
  const stateFile = join(options.home, 'sandbox.json');
  await refuseSecond(stateFile);
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const sandbox = await startSandbox({
    ...options,
    sample: join(__dirname, '..', 'media', 'sample'),
    onStop: stop,
  });
  const ready = JSON.stringify(readyEvent(sandbox, options.home));
  writeFileSync(stateFile, `${ready}\n`);
  const { url, configFile } = sandbox;
  process.stdout.write(json ? `${ready}\n` : `Sandbox at ${url}. AWS_CONFIG_FILE=${configFile}\n`);
  await stopped;
  rmSync(stateFile, { force: true });
  await sandbox.close();
}

main().then(
  () => process.exit(0),
  (error) => {
    const remedy = error instanceof WarmstartError && error.remedy ? ` ${error.remedy}` : '';
    process.stderr.write(`${messageOf(error)}${remedy}\n`);
    process.exit(error instanceof WarmstartError && error.kind === 'usage' ? 2 : 1);
  },
);
