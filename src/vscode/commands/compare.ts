import * as vscode from 'vscode';
import type { Ticket } from '../connection';
import { openComparison } from '../panels/open';
import type { Services } from '../services';
import type { CommandServices } from './command-services';
import { chosen, pickModel } from './pick';
import { registryOf, runScene, withTicket } from './scenes';
import { subjectOf } from './subject';
import { whileLooking } from './while-looking';

/** @param selected all nodes that are selected, when it was called on one of several */
export function compareCommand(
  services: CommandServices,
  argument: unknown,
  selected: unknown,
): Promise<void> {
  return withTicket(
    services,
    async (ticket) => {
      const nodes = Array.isArray(selected) && selected.length > 1 ? selected : [argument];
      const named = [...new Set(nodes.flatMap((node) => subjectOf(node).arn ?? []))];
      const arns = named.length ? named : await pickVersions(services, ticket, argument);
      if (arns.length) openComparison(services, ticket, { arns, baseline: null });
    },
    registryOf,
  );
}

/** A model's newest version when only the model is named; else asked for. */
async function pickVersions(services: Services, ticket: Ticket, argument: unknown): Promise<string[]> {
  const { l10n } = vscode;
  const title = l10n.t('Compare Evaluations');
  const subject = subjectOf(argument);
  const model = await pickModel(ticket.project, subject, title);
  const { listSummaries, groupArn } = services.engine();
  const { session } = await runScene(services, ticket);
  const versions = await whileLooking(l10n.t('Looking for versions…'), () =>
    listSummaries(session, groupArn(ticket.project.registry, model.packageGroup)),
  );
  const [newest] = versions;
  if (!newest) {
    void vscode.window.showInformationMessage(l10n.t('{0} has no registered version yet.', model.name));
    return [];
  }
  if (subject.model !== undefined || versions.length === 1) return [newest.arn];
  const picked = await vscode.window.showQuickPick(
    versions.map(({ arn, version, createdAt, approval }) => ({
      label: `${model.packageGroup}/${version}`,
      description: [createdAt.slice(0, 16).replace('T', ' '), approvalWord(approval)].join(' · '),
      picked: arn === newest.arn,
      arn,
    })),
    {
      title,
      placeHolder: l10n.t('One or several versions'),
      canPickMany: true,
      matchOnDescription: true,
      ignoreFocusOut: true,
    },
  );
  return chosen(picked).map(({ arn }) => arn);
}

function approvalWord(approval: string): string {
  if (approval === 'Approved') return vscode.l10n.t('approved');
  if (approval === 'Rejected') return vscode.l10n.t('rejected');
  return vscode.l10n.t('waits for approval');
}
