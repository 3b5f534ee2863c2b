import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import type { Session } from '../aws/session';
import { messageOf, WarmstartError } from '../errors';
import { mapParallel, type Task } from '../task';
import type { Manifest, Target } from './manifest';

/** Relative difference that a probe may have: float32 has about 1.2e-7, another CPU's order of sums a little more. */
export const probeTolerance = 1e-5;

/**
 * Invokes every target model with its stored rows and compares with the expected predictions: a fleet that is
 * `InService` loads a model only when it is first called, so nothing less proves a release.
 * @returns how many probe rows were answered as expected
 * @throws WarmstartError `release.probe-failed`, naming each target model that is wrong and how
 */
export async function verifyTargets(session: Session, manifest: Manifest, task: Task): Promise<number> {
  let done = 0;
  const failures = await mapParallel(manifest.targets, 4, async (target) => {
    const failure = await probeTarget(session, manifest.endpointName, target, task);
    done += 1;
    task.report({
      step: 'verify',
      subject: target.targetModel,
      message: failure ?? `${target.targetModel} answers as expected (${target.probes.length} rows)`,
      done,
      total: manifest.targets.length,
    });
    return failure;
  });
  const wrong = failures.filter((failure) => failure !== undefined);
  if (wrong.length) {
    throw new WarmstartError('release.probe-failed', wrong.join(' '), {
      remedy: 'Look at the endpoint’s log and at the version’s artifact.',
    });
  }
  return manifest.targets.reduce((sum, target) => sum + target.probes.length, 0);
}

/** What is wrong with one target model, in a sentence; undefined when every probe agrees. */
async function probeTarget(
  session: Session,
  endpointName: string,
  target: Target,
  task: Task,
): Promise<string | undefined> {
  if (target.probes.length === 0) return undefined;
  const expected = target.probes.flatMap((probe) => probe.expected);
  let answers: number[];
  try {
    answers = await invoke(session, endpointName, target.targetModel, probeBody(target), task.signal);
  } catch (error) {
    return `${target.targetModel} did not answer: ${messageOf(error)}`;
  }
  if (answers.length !== expected.length) {
    return `${target.targetModel} answered ${answers.length} numbers where ${expected.length} were expected.`;
  }
  const off = answers.findIndex((answer, i) => !agrees(answer, expected[i] as number));
  if (off < 0) return undefined;
  return `${target.targetModel} answered ${answers[off]} where ${expected[off]} was expected.`;
}

/** One CSV row a probe, empty for missing, no header and no label. */
export function probeBody(target: Pick<Target, 'probes'>): string {
  return target.probes.map((probe) => probe.row.map((value) => value ?? '').join(',')).join('\n');
}

export function agrees(answer: number, expected: number): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(answer);
  return Math.abs(answer - expected) <= probeTolerance * Math.max(1, Math.abs(expected));
}

/** Invokes one target model with CSV rows and answers its numbers, row after row. */
export async function invoke(
  session: Session,
  endpointName: string,
  targetModel: string,
  body: string,
  signal?: AbortSignal,
): Promise<number[]> {
  const response = await session.runtime().send(
    new InvokeEndpointCommand({
      EndpointName: endpointName,
      TargetModel: targetModel,
      ContentType: 'text/csv',
      // Without it a multi-model container answers JSON and a single-model one CSV.
      Accept: 'text/csv',
      Body: Buffer.from(body),
    }),
    signal ? { abortSignal: signal } : {},
  );
  return parseAnswer(Buffer.from(response.Body).toString('utf8'));
}

/**
 * The numbers of a container's CSV answer. A multi-model XGBoost container joins all rows with commas on one
 * line and writes multi-class rows as `[0.1, 0.9],[…]`; a single-model one writes a line per row.
 */
export function parseAnswer(text: string): number[] {
  const cells = text
    .replace(/[[\]]/g, ' ')
    .split(/[\s,]+/)
    .filter((cell) => cell !== '');
  return cells.map((cell) => {
    const value = cell === 'nan' ? Number.NaN : Number(cell);
    if (Number.isNaN(value) && cell !== 'nan') {
      throw new WarmstartError(
        'release.unreadable-answer',
        `The container answered something that is not a number: ${cell.slice(0, 80)}`,
      );
    }
    return value;
  });
}
