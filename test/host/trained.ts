import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sandbox, services } from './support';

export const models = ['delay-atl', 'delay-dfw', 'delay-ord'];

interface CheapModel {
  tuning: Record<string, unknown>;
  evaluation: { gates: { maxRegressionPercent: number }[] };
}

let trained: Promise<void> | undefined;

/**
 * The sample project with a past: every model trained, approved, released everywhere, and trained again from
 * there; the new versions wait. Made once for all tests of a window, by the command line: it is another machine's work.
 */
export function trainedProject(): Promise<void> {
  trained ??= train();
  return trained;
}

async function train(): Promise<void> {
  await makeCheap();
  await warmstart('retrain', '--all', '--until', '2001-03-01');
  for (const model of models) await warmstart('approve', `flights-${model}/1`);
  for (const environment of ['training', 'qa', 'production'])
    await warmstart('release', 'flights', '--env', environment, '--yes');
  await warmstart('retrain', '--all', '--until', '2001-04-01');
}

/** Runs a command of the command line to its end; it must succeed. */
export async function warmstart(...line: string[]): Promise<string> {
  const { context } = await services();
  const program = join(context.extensionPath, 'dist', 'cli.js');
  const child = spawn(process.execPath, [program, '--project', sandbox.projectFile, '--json', ...line], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const code = await new Promise((done) => child.once('close', done));
  assert.equal(code, 0, `warmstart ${line.join(' ')}: ${output}`);
  return output;
}

/**
 * Two small training jobs a model instead of six, in the project file of this window, and gates that whatever comes
 * of them passes: which one is drawn is chance.
 */
export async function makeCheap(): Promise<void> {
  const text = await readFile(sandbox.projectFile, 'utf8');
  const file = JSON.parse(text) as { models: Record<string, CheapModel> };
  for (const { tuning, evaluation } of Object.values(file.models)) {
    for (const gate of evaluation.gates) gate.maxRegressionPercent = 100;
    tuning.maxJobs = 2;
    tuning.ranges = {
      num_round: { min: 5, max: 10 },
      max_depth: { min: 2, max: 4 },
      eta: { min: 0.1, max: 0.5 },
    };
  }
  await writeFile(sandbox.projectFile, JSON.stringify(file, null, 2));
}
