import * as vscode from 'vscode';
import { type Model, modelOf } from '../../project/project';
import type { VersionSummary } from '../../registry/versions';
import { mapParallel } from '../../task';
import type { Ticket } from '../connection';
import { openComparison } from '../panels/open';
import type { Services } from '../services';
import type { CommandServices } from './command-services';
import { chosen, pickModel } from './pick';
import { registryOf, runScene, withTicket } from './scenes';
import { type Subject, subjectOf } from './subject';
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
      const nodes: unknown[] = Array.isArray(selected) && selected.length > 1 ? selected : [argument];
      const arns = await versionsOf(services, ticket, nodes.map(subjectOf));
      if (arns.length) openComparison(services, ticket, { arns, baseline: null });
    },
    registryOf,
  );
}

/** The versions that are named, and the newest of each model that is; without either they are asked for. */
async function versionsOf(services: Services, ticket: Ticket, subjects: Subject[]): Promise<string[]> {
  const named = subjects.filter(({ arn, model }) => arn !== undefined || model !== undefined);
  const models = named.flatMap(({ arn, model }) => (arn === undefined && model !== undefined ? model : []));
  const title = vscode.l10n.t('Compare Evaluations');
  if (named.length === 0)
    return pickVersions(services, ticket, await pickModel(ticket.project, {}, title), title);
  const newest = await mapParallel([...new Set(models)], 4, async (name) =>
    (await summariesOf(services, ticket, modelOf(ticket.project, name))).slice(0, 1),
  );
  return [...new Set([...named.flatMap(({ arn }) => arn ?? []), ...newest.flat().map(({ arn }) => arn)])];
}

/** None where a model has no version, which is said. */
async function summariesOf(services: Services, ticket: Ticket, model: Model): Promise<VersionSummary[]> {
  const { l10n } = vscode;
  const { listSummaries, groupArn } = services.engine();
  const { session } = await runScene(services, ticket);
  const versions = await whileLooking(l10n.t('Looking for versions…'), () =>
    listSummaries(session, groupArn(ticket.project.registry, model.packageGroup)),
  );
  if (versions.length === 0)
    void vscode.window.showInformationMessage(l10n.t('{0} has no registered version yet.', model.name));
  return versions;
}

async function pickVersions(
  services: Services,
  ticket: Ticket,
  model: Model,
  title: string,
): Promise<string[]> {
  const { l10n } = vscode;
  const versions = await summariesOf(services, ticket, model);
  const [newest, ...others] = versions;
  if (!newest || others.length === 0) return versions.map(({ arn }) => arn);
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
