import * as vscode from 'vscode';
import type { Evaluation } from '../../evaluation/report';
import type { Version, VersionSummary } from '../../registry/versions';
import type { RunScene } from '../../runs/scene';
import { commandIds } from '../command-ids';
import type { Ticket } from '../connection';
import { asEngineError } from '../errors';
import { type CommandServices, lookAgain } from './command-services';
import { type Decision, decidedText, decisionDetail, decisionQuestion, needsReason } from './decision-texts';
import { chosen, pickOne } from './pick';
import { registryOf, requireCurrent, runScene, withTicket } from './scenes';
import { type Subject, subjectOf } from './subject';
import { whileLooking } from './while-looking';

/** Approves or rejects a version, which is asked for unless the argument names it. */
export function decideCommand(
  services: CommandServices,
  decision: Decision,
  argument: unknown,
): Promise<void> {
  return withTicket(
    services,
    async (ticket) => {
      const scene = await runScene(services, ticket);
      const arn = await pickPending(services, ticket, scene, subjectOf(argument), decision);
      if (arn !== undefined) await decideOn(services, ticket, decision, arn);
    },
    registryOf,
  );
}

/**
 * Approves or rejects a version: what it means is shown first, and what was shown is what is decided on. Views and panels
 * look again afterwards, also when the version has changed meanwhile.
 * @param shown what the person saw of it before asking, such as in a panel
 * @throws `registry.stale` when it is not so any more, before anything is asked or written; a cancellation
 */
export async function decideOn(
  services: CommandServices,
  ticket: Ticket,
  decision: Decision,
  arn: string,
  shown?: Pick<Version, 'approval' | 'lastModified'>,
): Promise<Version> {
  const { decide, requireUnchanged } = services.engine();
  try {
    const scene = await runScene(services, ticket);
    const { version, evaluation } = await whileLooking(vscode.l10n.t('Reading the version…'), () =>
      read(services, scene, arn),
    );
    if (shown) requireUnchanged(version, shown);
    requireCurrent(services, ticket);
    const comment = await ask(ticket, decision, version, evaluation);
    requireCurrent(services, ticket);
    const { arn: by } = await scene.session.whoAmI();
    const decided = await decide(scene.session, { arn, decision, comment, expect: version, by });
    lookAgain(services);
    void tell(ticket, decided);
    return decided;
  } catch (error) {
    if (asEngineError(error).code === 'registry.stale') lookAgain(services);
    throw error;
  }
}

/** @throws a cancellation when the person decides nothing */
async function ask(
  { project }: Ticket,
  decision: Decision,
  version: Version,
  evaluation: Evaluation | null,
): Promise<string> {
  const { l10n } = vscode;
  const question = decisionQuestion(l10n, decision, version);
  const reasoned = needsReason(decision, version);
  const button =
    decision === 'Rejected'
      ? l10n.t('Reject…')
      : reasoned
        ? l10n.t('Approve Against a Failed Gate…')
        : l10n.t('Approve');
  const detail = decisionDetail(l10n, decision, { project, version, evaluation });
  chosen(await vscode.window.showWarningMessage(question, { modal: true, detail }, button));
  const comment = await vscode.window.showInputBox({
    title: question,
    prompt: reasoned
      ? l10n.t('Why? It is kept with the version.')
      : l10n.t('A comment, kept with the version. May be empty.'),
    ignoreFocusOut: true,
    validateInput: (text) => (reasoned && text.trim() === '' ? l10n.t('A reason is required.') : undefined),
  });
  return chosen(comment);
}

async function tell({ project }: Ticket, decided: Version): Promise<void> {
  const release = vscode.l10n.t('Release…');
  const endpoint = project.models.find(({ packageGroup }) => packageGroup === decided.group)?.endpoint;
  const answer = await vscode.window.showInformationMessage(
    decidedText(vscode.l10n, decided),
    ...(endpoint === undefined ? [] : [release]),
  );
  if (answer === release) await vscode.commands.executeCommand(commandIds.release, { endpoint });
}

/** A version without an evaluation, or with one that cannot be read, can still be decided on; the modal says so. */
async function read(
  services: CommandServices,
  scene: RunScene,
  arn: string,
): Promise<{ version: Version; evaluation: Evaluation | null }> {
  const { describeVersion, readEvaluation } = services.engine();
  const version = await describeVersion(scene.session, arn);
  try {
    return { version, evaluation: await readEvaluation(scene.store, version) };
  } catch (error) {
    if (!asEngineError(error).code.startsWith('evaluation.')) throw error;
    services.log.warn(`no evaluation of ${arn}: ${asEngineError(error).message}`);
    return { version, evaluation: null };
  }
}

async function pickPending(
  services: CommandServices,
  { project }: Ticket,
  scene: RunScene,
  { arn, model }: Subject,
  decision: Decision,
): Promise<string | undefined> {
  if (arn !== undefined) return arn;
  const { l10n } = vscode;
  const groups = project.models
    .filter(({ name }) => model === undefined || name === model)
    .map(({ packageGroup }) => packageGroup);
  const pending = await whileLooking(l10n.t('Looking for versions that wait for approval…'), () =>
    services.engine().listPending(scene.session, project.registry, groups),
  );
  if (pending.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('No version waits for approval.'));
    return undefined;
  }
  const title = decision === 'Approved' ? l10n.t('Approve') : l10n.t('Reject');
  return pickOne(pending.map(versionChoice), {
    title,
    placeHolder: l10n.t('A version that waits for approval'),
    always: true,
  });
}

function versionChoice({ arn, version, createdAt }: VersionSummary) {
  const group = arn.split('/').at(-2) ?? '';
  return {
    label: `${group}/${version}`,
    description: createdAt.slice(0, 16).replace('T', ' '),
    value: arn,
  };
}
