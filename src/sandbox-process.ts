import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { WarmstartError } from './errors';
import { sleep, type Task } from './task';

/** What a running sandbox wrote to `<home>/sandbox.json`. */
export interface SandboxInfo {
  endpoint: string;
  port: number;
  home: string;
  configFile: string;
  credentialsFile?: string;
  projectFile: string;
  profiles: Record<string, string>;
  warehouse: { host: string; port: number; database: string; user: string };
  pid: number;
}

export interface SandboxOptions {
  port?: number;
  home: string;
  record?: string;
  speed?: number;
}

export const defaultHome = join(homedir(), '.warmstart', 'sandbox');

const startDeadlineMs = 30_000;

/** The sandbox that answers under this home, or undefined. */
export async function runningSandbox(home: string): Promise<SandboxInfo | undefined> {
  let info: SandboxInfo;
  try {
    info = JSON.parse(await readFile(join(home, 'sandbox.json'), 'utf8')) as SandboxInfo;
  } catch {
    return undefined;
  }
  return (await answers(info)) ? info : undefined;
}

/**
 * Starts the sandbox as a process of its own that outlives this one, and waits until it answers.
 * @throws WarmstartError `sandbox.not-started` with the end of its log
 */
export async function startSandbox(options: SandboxOptions, task: Task): Promise<SandboxInfo> {
  const { home } = options;
  mkdirSync(home, { recursive: true });
  await rm(join(home, 'sandbox.json'), { force: true });
  const logFile = join(home, 'sandbox.log');
  const log = openSync(logFile, 'w');
  const args = [join(__dirname, 'sandbox.js'), '--home', home];
  if (options.port !== undefined) args.push('--port', String(options.port));
  if (options.record !== undefined) args.push('--record', options.record);
  if (options.speed !== undefined) args.push('--speed', String(options.speed));
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true,
    // In desktop VS Code the running program is Electron, which is Node only when asked; Node itself does not care.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  closeSync(log);
  child.unref();
  let exited: number | null | undefined;
  child.once('exit', (code) => {
    exited = code;
  });
  const deadline = Date.now() + startDeadlineMs;
  while (exited === undefined && Date.now() < deadline) {
    const info = await runningSandbox(home);
    if (info) return info;
    await sleep(100, task.signal);
  }
  if (exited === undefined) child.kill();
  throw new WarmstartError('sandbox.not-started', `The sandbox did not start. ${logTail(logFile)}`, {
    remedy: `See ${logFile}; if the port is taken, start it with another --port.`,
  });
}

/** Stops the sandbox under this home; answers false when none was running. */
export async function stopSandbox(home: string, task: Task): Promise<boolean> {
  const info = await runningSandbox(home);
  if (!info) return false;
  await fetch(`${info.endpoint}/_sandbox/stop`, { method: 'POST' });
  const deadline = Date.now() + 10_000;
  while (await answers(info)) {
    if (Date.now() > deadline)
      throw new WarmstartError('sandbox.not-stopped', `The sandbox (process ${info.pid}) does not stop.`);
    await sleep(50, task.signal);
  }
  return true;
}

async function answers(info: SandboxInfo): Promise<boolean> {
  try {
    return (await fetch(`${info.endpoint}/_sandbox/health`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

function logTail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-5).join(' ') : '';
}
