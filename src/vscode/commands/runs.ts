import * as vscode from 'vscode';
import type { RunRecord } from '../../runs/record';
import { mapParallel } from '../../task';
import { isResumableRun, isStoppableRun, type Standing, standingOfRun } from '../activity/standing';
import type { Ticket } from '../connection';
import { asEngineError } from '../errors';
import { type CommandServices, lookAgain } from './command-services';
import { chosen, pickOne } from './pick';
import { showOutcomes } from './run-outcomes';
import { registryOf, requireCurrent, runScene, withTicket } from './scenes';
import { type Subject, subjectOf } from './subject';
import { whileLooking } from './while-looking';

/** Runs looked at of each model when none is named. */
const newest = 5;

export function resumeRunCommand(services: CommandServices, argument: unknown): Promise<void> {
  return withTicket(
    services,
    async (ticket) => {
      const title = vscode.l10n.t('Resume');
      const run = await pickRun(services, ticket, subjectOf(argument), isResumableRun, {
        title,
        none: vscode.l10n.t('No run waits to be resumed.'),
      });
      requireCurrent(services, ticket);
      if (run) await resume(services, ticket, run);
    },
    registryOf,
  );
}

async function resume(services: CommandServices, ticket: Ticket, { model, runId }: NamedRun): Promise<void> {
  const operation = { kind: 'retrain' as const, model, runId: runId ?? null };
  const request = {
    title: vscode.l10n.t('Resume the retraining of {0}', model),
    kind: 'retrain' as const,
    subject: model,
    connectionKey: null,
    operation,
  };
  const [outcome] = await services.activity.runEach(request.title, [request], 1, async (_, task) =>
    services.engine().resumeRun(await runScene(services, ticket, task), model, runId),
  );
  if (outcome?.value) services.activity.forget({ ...operation, runId: outcome.value.runId });
  else if (['run.stopped', 'run.unknown'].includes(asEngineError(outcome?.error).code))
    services.activity.forget(operation);
  lookAgain(services);
  showOutcomes(services, [{ model, ...outcome }]);
}

export function stopRunCommand(services: CommandServices, argument: unknown): Promise<void> {
  return withTicket(
    services,
    async (ticket) => {
      const title = vscode.l10n.t('Stop a Run');
      const named = await pickRun(services, ticket, subjectOf(argument), isStoppableRun, {
        title,
        none: vscode.l10n.t('No run can be stopped.'),
      });
      if (!named) return;
      const scene = await runScene(services, ticket);
      const run = await services.engine().findRun(scene.store, named.model, named.runId);
      const stop = vscode.l10n.t('Stop the Run');
      const answer = await vscode.window.showWarningMessage(
        vscode.l10n.t('Stop run {0} of {1}?', run.runId, run.model),
        {
          modal: true,
          detail: vscode.l10n.t(
            'Its tuning job is stopped in AWS. What it has found so far stays, but the run cannot be resumed.',
          ),
        },
        stop,
      );
      if (answer !== stop) return;
      requireCurrent(services, ticket);
      const stopped = await services.engine().stopRun(scene, run);
      services.activity.forget({ kind: 'retrain', model: stopped.model, runId: stopped.runId });
      lookAgain(services);
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Run {0} of {1} is stopped.', stopped.runId, stopped.model),
      );
    },
    registryOf,
  );
}

interface NamedRun {
  model: string;
  /** Undefined: the model's newest. */
  runId?: string;
}

/** The run that is meant: the subject's, else one that is asked for. Undefined after saying that there is none. */
async function pickRun(
  services: CommandServices,
  ticket: Ticket,
  subject: Subject,
  fits: (standing: Standing) => boolean,
  texts: { title: string; none: string },
): Promise<NamedRun | undefined> {
  if (subject.model !== undefined)
    return { model: subject.model, ...(subject.runId === undefined ? {} : { runId: subject.runId }) };
  const runs = await whileLooking(vscode.l10n.t('Looking for runs…'), (task) =>
    newestRuns(services, ticket, task.now()),
  );
  const fitting = runs.filter(({ standing }) => fits(standing));
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(texts.none);
    return undefined;
  }
  return pickOne(
    fitting.map(({ run, standing }) => ({
      label: run.model,
      description: `${run.runId} · ${standingWord(standing)}`,
      detail: vscode.l10n.t('started {0} on {1}', run.startedAt.slice(0, 16).replace('T', ' '), run.host),
      value: { model: run.model, runId: run.runId },
    })),
    // One that fits is still shown: nothing starts or stops that was not named.
    { title: texts.title, placeHolder: vscode.l10n.t('A run'), always: true },
  );
}

async function newestRuns(
  services: CommandServices,
  ticket: Ticket,
  now: Date,
): Promise<{ run: RunRecord; standing: Standing }[]> {
  const { store } = await runScene(services, ticket);
  const { listRuns, holderOf } = services.engine();
  const found = await mapParallel(ticket.project.models, 4, async ({ name }) => {
    const [runs, holder] = await Promise.all([
      listRuns(store, name, newest),
      holderOf(store, `run-${name}`, now),
    ]);
    return runs.map((run) => ({ run, standing: standingOfRun(run, holder) }));
  });
  return found.flat().sort((a, b) => (a.run.runId < b.run.runId ? 1 : -1));
}

function standingWord(standing: Standing): string {
  const { l10n } = vscode;
  switch (standing) {
    case 'live':
      return l10n.t('running');
    case 'interrupted':
      return l10n.t('interrupted');
    case 'failed':
      return l10n.t('failed');
    case 'stopped':
      return l10n.t('stopped');
    default:
      return l10n.t('done');
  }
}

/** Stops waiting for what this window drives; asks which one when no node names it. */
export async function cancelActivityCommand(
  { activity }: Pick<CommandServices, 'activity'>,
  argument: unknown,
): Promise<void> {
  const { activityId } = subjectOf(argument);
  if (activityId !== undefined) return activity.cancel(activityId);
  const running = activity.entries().filter(({ status }) => status === 'running');
  if (running.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing is under way in this window.'));
    return;
  }
  const id = await pickOne(
    running.map((entry) => ({ label: entry.title, description: entry.message, value: entry.id })),
    { title: vscode.l10n.t('Stop Waiting'), placeHolder: vscode.l10n.t('An operation'), always: true },
  );
  activity.cancel(chosen(id));
}
