import * as vscode from 'vscode';
import { WarmstartError } from '../../errors';
import type { RunRecord } from '../../runs/record';
import type { Outcome } from '../activity/activity';
import { commandIds, viewIds } from '../command-ids';
import { asEngineError } from '../errors';
import type { Services } from '../services';
import { failureText, outcomeTexts, stoppedWaiting } from './outcome-texts';

/**
 * Tells what became of runs: at most one message for what was reached, one for what was cancelled, and the one error
 * that is thrown for what failed. Does not wait for the person.
 * @throws the error of one failed run, or `retrain.failed` for several
 */
export function showOutcomes(
  { log }: Pick<Services, 'log'>,
  outcomes: readonly ({ model: string } & Outcome<RunRecord>)[],
): void {
  const { l10n } = vscode;
  const texts = outcomeTexts(
    l10n,
    outcomes.map(({ model, value, error }) => ({
      model,
      ...(value ? { run: value } : {}),
      ...(error === undefined ? {} : { error: asEngineError(error) }),
    })),
  );
  if (texts.done !== null) void tellDone(texts.done, texts.pending);
  if (texts.cancelled.length) void offerResume(texts.cancelled);
  if (texts.failed.length === 0) return;
  for (const { model, error } of outcomes)
    if (error !== undefined && asEngineError(error).kind !== 'cancelled') log.error(`run of ${model}`, error);
  const [first] = texts.failed;
  if (first && outcomes.length === 1) throw outcomes[0]?.error;
  throw new WarmstartError(
    first?.error.code ?? 'retrain.failed',
    failureText(l10n, texts.failed, outcomes.length),
    {
      kind: first?.error.kind ?? 'failed',
      remedy: l10n.t('The Activity view has the others; each can be resumed from there.'),
    },
  );
}

async function tellDone(text: string, pending: readonly string[]): Promise<void> {
  const compare = vscode.l10n.t('Compare');
  const review = vscode.l10n.t('Show Approvals');
  const [arn] = pending;
  const answer = await vscode.window.showInformationMessage(
    text,
    ...(pending.length === 1 ? [compare] : []),
    ...(pending.length ? [review] : []),
  );
  if (answer === compare) await vscode.commands.executeCommand(commandIds.compare, { arn });
  if (answer === review) await vscode.commands.executeCommand(`${viewIds.approvals}.focus`);
}

async function offerResume(models: readonly string[]): Promise<void> {
  const resume = vscode.l10n.t('Resume');
  const stop = vscode.l10n.t('Stop the Run');
  const [model] = models;
  const answer = await vscode.window.showInformationMessage(
    stoppedWaiting(vscode.l10n, models),
    resume,
    ...(models.length === 1 ? [stop] : []),
  );
  if (answer === resume)
    await Promise.all(
      models.map((each) => vscode.commands.executeCommand(commandIds.resumeRun, { model: each })),
    );
  if (answer === stop) await vscode.commands.executeCommand(commandIds.stopRun, { model });
}
