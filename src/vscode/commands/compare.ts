import * as vscode from 'vscode';
import { mapParallel } from '../../task';
import type { Ticket } from '../connection';
import { asEngineError } from '../errors';
import type { Services } from '../services';
import { type Compared, comparisonMarkdown } from './comparison-text';
import { theDocuments } from './documents';
import { pickModel, pickOne } from './pick';
import { registryOf, runScene, withTicket } from './scenes';
import { subjectOf } from './subject';
import { whileLooking } from './while-looking';

/** @param selected all nodes that are selected, when it was called on one of several */
export function compareCommand(services: Services, argument: unknown, selected: unknown): Promise<void> {
  return withTicket(
    services,
    async (ticket) => {
      const nodes = Array.isArray(selected) && selected.length > 1 ? selected : [argument];
      const named = [...new Set(nodes.flatMap((node) => subjectOf(node).arn ?? []))];
      const arns = named.length ? named : await pickVersion(services, ticket, argument);
      if (arns.length) await openComparison(services, ticket, arns);
    },
    registryOf,
  );
}

/** Opens the evaluations of versions side by side with what served then. The one way in to a comparison. */
export async function openComparison(
  services: Services,
  ticket: Ticket,
  arns: readonly string[],
): Promise<void> {
  const compared = await whileLooking(vscode.l10n.t('Reading the evaluation…'), () =>
    mapParallel(arns, 4, (arn) => read(services, ticket, arn)),
  );
  if (!services.connection.isCurrent(ticket)) return;
  const [first] = compared;
  const title =
    compared.length === 1 && first
      ? vscode.l10n.t('Comparison {0} {1}', first.version.group, first.version.version)
      : vscode.l10n.t('Comparison of {0} versions', compared.length);
  await theDocuments().showMarkdown(title, comparisonMarkdown(vscode.l10n, ticket.project, compared));
}

async function read(services: Services, ticket: Ticket, arn: string): Promise<Compared> {
  const { describeVersion, readEvaluation } = services.engine();
  const { session, store } = await runScene(services, ticket);
  const version = await describeVersion(session, arn);
  try {
    return { version, evaluation: await readEvaluation(store, version), problem: null };
  } catch (error) {
    const { code, message } = asEngineError(error);
    if (!code.startsWith('evaluation.')) throw error;
    return { version, evaluation: null, problem: message };
  }
}

/** A model's newest version when only the model is named; else asked for. */
async function pickVersion(services: Services, ticket: Ticket, argument: unknown): Promise<string[]> {
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
  if (subject.model !== undefined) return [newest.arn];
  const arn = await pickOne(
    versions.map((version) => ({
      label: `${model.packageGroup}/${version.version}`,
      description: [version.createdAt.slice(0, 16).replace('T', ' '), approvalWord(version.approval)].join(
        ' · ',
      ),
      value: version.arn,
    })),
    { title, placeHolder: l10n.t('A version') },
  );
  return [arn];
}

function approvalWord(approval: string): string {
  if (approval === 'Approved') return vscode.l10n.t('approved');
  if (approval === 'Rejected') return vscode.l10n.t('rejected');
  return vscode.l10n.t('waits for approval');
}
