import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf, WarmstartError } from '../errors';
import { administrators } from './accounts';
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
    profiles: Object.fromEntries(
      Object.entries(administrators).map(([name, { accountId }]) => [
        name,
        { profile: profileNames[name as keyof typeof profileNames], accountId, region: 'us-east-1' },
      ]),
    ),
    warehouse: sandbox.warehouse,
    pid: process.pid,
  };
}

async function main(): Promise<void> {
  const { json, ...options } = readArguments();
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const sandbox = await startSandbox({ ...options, onStop: stop });
  const ready = JSON.stringify(readyEvent(sandbox, options.home));
  writeFileSync(join(options.home, 'sandbox.json'), `${ready}\n`);
  const { url, configFile } = sandbox;
  process.stdout.write(json ? `${ready}\n` : `Sandbox at ${url}. AWS_CONFIG_FILE=${configFile}\n`);
  await stopped;
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
