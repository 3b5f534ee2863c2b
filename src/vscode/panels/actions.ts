import * as vscode from 'vscode';
import type { ComparisonRequest } from '../../comparison/comparison';
import type { FromPanel } from '../../comparison/panel';
import { WarmstartError } from '../../errors';
import { commandIds } from '../command-ids';
import type { CommandServices } from '../commands/command-services';
import { decideOn } from '../commands/decide';
import { decidedText } from '../commands/decision-texts';
import { theDocuments } from '../commands/documents';
import { runScene } from '../commands/scenes';
import { whileLooking } from '../commands/while-looking';
import type { Ticket } from '../connection';
import { requireTrust } from '../register';
import { exportComparison } from './export';
import { changedRequest, columnOf, type Shown } from './messages';

/** What a person asks for in a panel that shows something. */
export type Wish = Exclude<FromPanel, { type: 'ready' | 'reload' }>;

/** What a wish is fulfilled with. */
export interface Scene {
  services: CommandServices;
  ticket: Ticket;
  shown: Shown;
  /** Reads another request and shows it, unless the signal says that nobody wants it any more. */
  read(request: ComparisonRequest, signal?: AbortSignal): Promise<void>;
}

/** What is being done meanwhile; null for what is done at once and beside anything else. */
export function busyText({ type }: FromPanel): string | null {
  switch (type) {
    case 'baseline':
    case 'add':
    case 'remove':
    case 'reload':
      return vscode.l10n.t('Reading…');
    case 'measure':
      return measuring();
    case 'decide':
      return vscode.l10n.t('Deciding…');
    case 'release':
      return vscode.l10n.t('Planning the release…');
    default:
      return null;
  }
}

const measuring = () => vscode.l10n.t('Measuring on the same rows…');

/**
 * Does what is asked for, by the same functions as the commands of the views, and answers what is to be said of it.
 * @throws what a command would throw
 */
export async function fulfil(wish: Wish, scene: Scene): Promise<string | null> {
  const { services, ticket, shown } = scene;
  switch (wish.type) {
    case 'baseline':
    case 'add':
    case 'remove':
      await scene.read(changedRequest(wish, shown));
      return null;
    case 'measure':
      await whileLooking(measuring(), ({ signal }) => scene.read(changedRequest(wish, shown), signal));
      return null;
    case 'decide': {
      requireTrust();
      const column = columnOf(shown.comparison, wish.arn);
      return decidedText(vscode.l10n, await decideOn(services, ticket, wish.decision, wish.arn, column));
    }
    case 'release':
      await release(services, wish.endpoint, shown.request);
      return null;
    case 'copyArn':
      await vscode.env.clipboard.writeText(wish.arn);
      return vscode.l10n.t('Copied: {0}', wish.arn);
    case 'openEvaluation':
      await openEvaluation(scene, wish.arn);
      return null;
    case 'export':
      return exportComparison(services, shown, wish);
  }
}

/** Waits until the person has turned away or the release has begun: from then on it is an activity like any other. */
async function release(
  { activity }: CommandServices,
  endpoint: string,
  { baseline }: ComparisonRequest,
): Promise<void> {
  const target = { endpoint, ...(baseline === null ? {} : { environment: baseline }) };
  const known = new Set(activity.entries().map(({ id }) => id));
  let listening: vscode.Disposable | undefined;
  const begun = new Promise<void>((done) => {
    listening = activity.onDidChange(() => {
      const news = activity.entries().filter(({ id }) => !known.has(id));
      if (news.some(({ kind }) => kind === 'release')) done();
    });
  });
  try {
    await Promise.race([vscode.commands.executeCommand(commandIds.release, target), begun]);
  } finally {
    listening?.dispose();
  }
}

/** The document that a version was registered with, as it is. */
async function openEvaluation({ services, ticket, shown }: Scene, arn: string): Promise<void> {
  const uri = columnOf(shown.comparison, arn)?.evaluationUri ?? '';
  const { store } = await runScene(services, ticket);
  const prefix = store.uri('');
  const text = uri.startsWith(prefix) ? await store.getText(uri.slice(prefix.length)) : undefined;
  if (text === undefined) {
    throw new WarmstartError(
      'evaluation.missing',
      vscode.l10n.t('There is no evaluation of {0} in the registry’s bucket.', arn),
    );
  }
  const name = arn.split('/').slice(-2).join(' ');
  await theDocuments().showText(vscode.l10n.t('Evaluation of {0}', name), text, 'json');
}
