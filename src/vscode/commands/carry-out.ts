import * as vscode from 'vscode';
import { environmentOf } from '../../project/project';
import type { Manifest } from '../../release/manifest';
import type { Scene } from '../../release/release';
import { commandIds, viewIds } from '../command-ids';
import type { Ticket } from '../connection';
import { asEngineError } from '../errors';
import type { Services } from '../services';
import { type CommandServices, lookAgain } from './command-services';
import { releasedText, rolledBackText } from './release-texts';
import { releaseScene } from './scenes';

/** The endpoint (its key in the project file) and environment that are released to. */
export interface Target {
  endpoint: string;
  environment: string;
}

interface Course {
  kind: 'release' | 'rollback';
  title: string;
  releaseId: string | null;
}

/** Carries out a release, a rollback or a resumption as an activity, and tells what serves then. */
export async function carryOut(
  services: CommandServices,
  ticket: Ticket,
  target: Target,
  { kind, title, releaseId }: Course,
  work: (scene: Scene) => Promise<Manifest>,
): Promise<void> {
  const operation = { kind, ...target, releaseId };
  const request = {
    title,
    kind,
    subject: `${target.endpoint} (${target.environment})`,
    connectionKey: target.environment === ticket.environment.name ? ticket.key : null,
    operation,
  };
  try {
    const manifest = await services.activity.run(request, async (task) =>
      work(await releaseScene(services, ticket, target, task)),
    );
    services.activity.forget({ ...operation, releaseId: manifest.releaseId });
    void tell(manifest);
  } catch (error) {
    if (asEngineError(error).kind === 'cancelled') void offerResume(target, kind);
    throw error;
  } finally {
    // A failure has changed something too: it was rolled back, or it was not.
    lookAgain(services);
  }
}

/** An AWS failure belongs to the environment that was asked, which need not be the one that is looked at. */
export async function reportedIn<T>(
  { connection }: Services,
  ticket: Ticket,
  target: Target,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    connection.report(ticket, error, environmentOf(ticket.project, target.environment));
    throw error;
  }
}

async function tell(manifest: Manifest): Promise<void> {
  const show = vscode.l10n.t('Show Endpoint');
  const text =
    manifest.kind === 'rollback'
      ? rolledBackText(vscode.l10n, manifest)
      : releasedText(vscode.l10n, manifest);
  const answer = await vscode.window.showInformationMessage(text, show);
  if (answer === show) await vscode.commands.executeCommand(`${viewIds.endpoints}.focus`);
}

async function offerResume(target: Target, kind: Course['kind']): Promise<void> {
  const resume = vscode.l10n.t('Resume');
  const text =
    kind === 'release'
      ? vscode.l10n.t(
          'Stopped waiting for the release of {0} to {1}. It is not finished; Resume picks it up.',
          target.endpoint,
          target.environment,
        )
      : vscode.l10n.t(
          'Stopped waiting for the rollback of {0} in {1}. The update may go on in AWS.',
          target.endpoint,
          target.environment,
        );
  const answer = await vscode.window.showInformationMessage(text, ...(kind === 'release' ? [resume] : []));
  if (answer === resume) await vscode.commands.executeCommand(commandIds.resumeRelease, target);
}
