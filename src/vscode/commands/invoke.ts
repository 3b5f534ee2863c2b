import * as vscode from 'vscode';
import { endpointOf, environmentOf } from '../../project/project';
import type { Probe } from '../../registry/probes';
import { commandIds } from '../command-ids';
import type { Ticket } from '../connection';
import { asEngineError } from '../errors';
import type { Services } from '../services';
import { reportedIn, type Target } from './carry-out';
import { chosen, pickOne, pickPlace } from './pick';
import { RequestFiles, requestScheme } from './request-files';
import {
  answerText,
  failureLine,
  firstRowLine,
  type RequestTarget,
  requestText,
  rowsOf,
} from './request-texts';
import { requireCurrent, withTicket } from './scenes';
import { subjectOf } from './subject';
import { whileLooking } from './while-looking';

/** Editors in which rows are written and sent to a target model. */
export class Requests implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #files = new RequestFiles();
  readonly #targets = new Map<string, { target: RequestTarget; ticket: Ticket }>();
  readonly #disposables: vscode.Disposable[];

  constructor(private readonly services: Services) {
    this.#disposables = [
      vscode.workspace.registerFileSystemProvider(requestScheme, this.#files, { isCaseSensitive: true }),
      vscode.languages.registerCodeLensProvider({ scheme: requestScheme }, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === requestScheme) this.#targets.delete(uri.path);
      }),
    ];
    void closeLeftovers();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const line = Math.max(0, firstRowLine(document.getText()));
    const title = `$(play) ${vscode.l10n.t('Send')}`;
    const command = { title, command: commandIds.sendRequest, arguments: [{ uri: document.uri.toString() }] };
    return [new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command)];
  }

  /** Opens the editor of a target model, with a row of the version that it serves. */
  open(argument: unknown): Promise<void> {
    return withTicket(this.services, async (ticket) => {
      const subject = subjectOf(argument);
      const place = await pickPlace(ticket, subject, vscode.l10n.t('Invoke'));
      await reportedIn(this.services, ticket, place, async () => {
        const targetModel = subject.targetModel ?? (await this.#pickTarget(ticket, place));
        const target = targetOf(ticket, place, targetModel);
        const sample = await whileLooking(vscode.l10n.t('Looking for a sample row…'), () =>
          this.#sample(ticket, target),
        );
        requireCurrent(this.services, ticket);
        const { environment, endpointName } = target;
        const name = `${targetModel.replaceAll('/', ' ')} ${endpointName} ${environment}.request`;
        const uri = vscode.Uri.from({ scheme: requestScheme, path: `/${name}` });
        this.#targets.set(uri.path, { target, ticket });
        if (!this.#files.has(uri))
          this.#files.writeFile(uri, new TextEncoder().encode(requestText(vscode.l10n, target, sample)));
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
      });
    });
  }

  /** Sends the rows of an editor and writes the answer below them. The answer is also the command's value. */
  async send(argument: unknown): Promise<number[] | undefined> {
    const document = await documentOf(argument);
    const known = document && this.#targets.get(document.uri.path);
    if (!document || !known) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a request first: Invoke… on a target model.'),
      );
      return undefined;
    }
    const { target, ticket } = known;
    requireCurrent(this.services, ticket);
    const rows = rowsOf(document.getText());
    try {
      return await reportedIn(this.services, ticket, target, async () => {
        const { answers, timing } = await this.#invoke(ticket, target, rows.join('\n'));
        await append(document, answerText(vscode.l10n, answers, rows.length, timing, new Date()));
        return answers;
      });
    } catch (error) {
      const { kind, message } = asEngineError(error);
      if (kind !== 'cancelled') await append(document, failureLine(vscode.l10n, message, new Date()));
      throw error;
    }
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  async #invoke(ticket: Ticket, target: RequestTarget, body: string) {
    const { invoke } = this.services.engine();
    const environment = environmentOf(ticket.project, target.environment);
    const session = await this.services.connection.session(ticket, environment);
    return whileLooking(vscode.l10n.t('Invoking {0}…', target.targetModel), async ({ signal }) => {
      const call = async () => {
        const start = performance.now();
        const answers = await invoke(session, target.endpointName, target.targetModel, body, signal);
        return { answers, milliseconds: Math.round(performance.now() - start) };
      };
      const first = await call();
      const again = await call();
      return {
        answers: first.answers,
        timing: { milliseconds: first.milliseconds, again: again.milliseconds },
      };
    });
  }

  async #pickTarget(ticket: Ticket, place: Target): Promise<string> {
    const { readServing } = this.services.engine();
    const environment = environmentOf(ticket.project, place.environment);
    const session = await this.services.connection.session(ticket, environment);
    const serving = await readServing(session, ticket.project, place.endpoint, environment);
    const served = serving?.targets.map(({ targetModel, version }) => ({
      label: targetModel,
      ...(version === undefined ? {} : { description: vscode.l10n.t('version {0}', version) }),
      value: targetModel,
    }));
    const owned = ticket.project.models
      .filter(({ endpoint }) => endpoint === place.endpoint)
      .map(({ targetModel }) => ({ label: targetModel, value: targetModel }));
    return chosen(
      await pickOne(served ?? owned, {
        title: vscode.l10n.t('Invoke'),
        placeHolder: vscode.l10n.t('A target model'),
      }),
    );
  }

  /** A probe of the version that serves, and the names of its features; what cannot be had is left out. */
  async #sample(
    ticket: Ticket,
    target: RequestTarget,
  ): Promise<{ features: string[]; probes: readonly Probe[] }> {
    const { readServing, describeVersion, readFeatures, Store } = this.services.engine();
    const environment = environmentOf(ticket.project, target.environment);
    const session = await this.services.connection.session(ticket, environment);
    const serving = await readServing(session, ticket.project, target.endpoint, environment);
    const held = serving?.targets.find(({ targetModel }) => targetModel === target.targetModel);
    if (!held) return { features: [], probes: [] };
    if (held.packageArn === undefined) return { features: [], probes: held.probes };
    try {
      const registry = await this.services.connection.session(ticket, ticket.project.registry);
      const version = await describeVersion(registry, held.packageArn);
      const store = new Store(registry, ticket.project.registry.bucket);
      return { features: await readFeatures(store, version), probes: held.probes };
    } catch (error) {
      this.services.log.warn(`no feature names of ${held.packageArn}: ${asEngineError(error).message}`);
      return { features: [], probes: held.probes };
    }
  }
}

function targetOf(
  { project }: Ticket,
  { endpoint, environment }: Target,
  targetModel: string,
): RequestTarget {
  const { accountId } = environmentOf(project, environment);
  return {
    endpoint,
    environment,
    accountId,
    targetModel,
    endpointName: endpointOf(project, endpoint, environment).name,
  };
}

/** The document that a lens or a test names, else that of the active editor. */
async function documentOf(argument: unknown): Promise<vscode.TextDocument | undefined> {
  const uri: unknown =
    typeof argument === 'object' && argument !== null ? Reflect.get(argument, 'uri') : undefined;
  if (typeof uri === 'string') return vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const active = vscode.window.activeTextEditor?.document;
  return active?.uri.scheme === requestScheme ? active : undefined;
}

async function append(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const end = document.lineAt(document.lineCount - 1).range.end;
  edit.insert(document.uri, end, text);
  await vscode.workspace.applyEdit(edit);
  await document.save();
}

/** Requests are gone with their window; its tabs come back after a reload and would show an error. */
async function closeLeftovers(): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(
    tabs.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === requestScheme),
  );
}
