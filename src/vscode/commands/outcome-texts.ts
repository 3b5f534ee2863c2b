import type { RunRecord } from '../../runs/record';
import type { EngineError } from '../engine-error';
import type { L10n } from '../trees/l10n';

export interface ModelOutcome {
  model: string;
  run?: RunRecord;
  error?: EngineError;
}

export interface OutcomeTexts {
  /** What was reached; null when nothing was. */
  done: string | null;
  /** Models whose waiting was cancelled and whose run can be resumed. */
  cancelled: string[];
  /** What went wrong, each with its model; the remedy is the error's own. */
  failed: { model: string; error: EngineError }[];
  /** ARNs of versions that wait for approval now. */
  pending: string[];
}

/** What became of runs, sorted for the messages that tell it. Pure. */
export function outcomeTexts(l10n: L10n, outcomes: readonly ModelOutcome[]): OutcomeTexts {
  const runs = outcomes.flatMap(({ run }) => run ?? []);
  return {
    done: runs.length ? runs.map((run) => runText(l10n, run)).join(' ') : null,
    cancelled: outcomes.flatMap(({ model, error }) =>
      error?.kind === 'cancelled' && error.code !== 'run.stopped' ? [model] : [],
    ),
    failed: outcomes.flatMap(({ model, error }) =>
      error && error.kind !== 'cancelled' ? [{ model, error }] : [],
    ),
    pending: runs.flatMap((run) => {
      const arn = run.steps.register?.result?.packageArn;
      return arn === undefined || run.testing ? [] : [arn];
    }),
  };
}

/** What a finished run came to, as a sentence. Pure. */
export function runText(l10n: L10n, run: RunRecord): string {
  const { tune, register, evaluate } = run.steps;
  if (tune?.result?.parentWins)
    return l10n.t('{0}: nothing new, {1} is still the best.', run.model, tune.result.parentWins.trainingJob);
  const version = register?.result?.version;
  if (version === undefined) return l10n.t('{0}: run {1} is {2}.', run.model, run.runId, run.status);
  if (run.testing)
    return l10n.t('{0}: version {1} comes from a testing run and is never released.', run.model, version);
  return evaluate?.result?.gatesPassed === false
    ? l10n.t('{0}: version {1} failed a gate and waits for approval.', run.model, version)
    : l10n.t('{0}: version {1} waits for approval.', run.model, version);
}

/** Several failures as one message: the first in full, the others by name. Pure. */
export function failureText(l10n: L10n, failed: OutcomeTexts['failed'], all: number): string {
  const [first] = failed;
  const message = `${first?.model ?? ''}: ${first?.error.message ?? ''}`;
  if (failed.length < 2) return message;
  const others = failed.slice(1).map(({ model }) => model);
  return l10n.t('{0} of {1} models failed. {2} Also: {3}.', failed.length, all, message, others.join(', '));
}

/** What cancelling a run's wait means. Pure. */
export function stoppedWaiting(l10n: L10n, models: readonly string[]): string {
  const [first] = models;
  return models.length === 1 && first !== undefined
    ? l10n.t('Stopped waiting for {0}. What AWS has begun goes on there; Resume picks it up.', first)
    : l10n.t(
        'Stopped waiting for {0} models. What AWS has begun goes on there; Resume picks it up.',
        models.length,
      );
}
