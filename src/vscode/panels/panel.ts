import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ComparisonRequest } from '../../comparison/comparison';
import type { PanelState, ToPanel } from '../../comparison/panel';
import { WarmstartError } from '../../errors';
import type { CommandServices } from '../commands/command-services';
import { lacking, registryOf, requireCurrent, withTicket } from '../commands/scenes';
import type { Ticket } from '../connection';
import { asEngineError, type EngineError } from '../errors';
import { attempt } from '../register';
import { scrub } from '../scrub';
import { pollInterval } from '../settings';
import { Poll } from '../trees/poll';
import { busyText, fulfil } from './actions';
import { panelHtml } from './html';
import { isAboutShown, messageOf, type Shown } from './messages';
import { Reader } from './reader';
import { isOf, titleOf } from './titles';

/** How long a panel of an earlier window waits for the project to be read. */
const patienceMs = 30_000;
const freshMs = 30_000;

/** One comparison: what is shown, when it is read, and what is done in it. The host pushes, the webview asks. */
export class ComparisonPanel implements vscode.Disposable {
  readonly #reader: Reader;
  readonly #poll = new Poll(
    () => this.#look(),
    () => (2 * pollInterval()) / 1000,
  );
  readonly #disposables: vscode.Disposable[];
  readonly #waiting: NodeJS.Timeout;
  #request: ComparisonRequest;
  #ticket: Ticket | undefined;
  /** The project file that it belongs to; not known yet for a panel of an earlier window. */
  #projectFile: string | undefined;
  #shown: Shown | undefined;
  #problem: EngineError | undefined;
  #busy: string | null = null;
  #notice: string | null = null;
  /** Why what is shown could not be read again. */
  #trouble: string | null = null;
  /** Whether the webview's program runs and hears what is posted. */
  #isListening = false;
  /** Something changed while nobody looked. */
  #isStale = false;
  #readAt = 0;
  #isClosed = false;

  constructor(
    readonly view: vscode.WebviewPanel,
    request: ComparisonRequest,
    private readonly services: CommandServices,
    private readonly extension: vscode.Uri,
  ) {
    const { connection } = services;
    this.#request = request;
    this.#reader = new Reader(services);
    this.#disposables = [
      view.webview.onDidReceiveMessage((data) => void this.receive(data)),
      view.onDidChangeViewState(() => this.#seen()),
      connection.onDidChange(() => this.#connected()),
    ];
    this.#setUp();
    this.#waiting = setTimeout(() => this.#connected(), patienceMs);
    if (connection.ticket) this.#connected();
    this.#seen();
  }

  /** What is shown, or about to be. */
  get request(): ComparisonRequest {
    return this.#request;
  }

  get state(): PanelState {
    if (this.#problem) {
      const { code, message, remedy } = this.#problem;
      return { kind: 'problem', code, message: scrub(message), remedy: remedy ?? null };
    }
    if (!this.#shown) return { kind: 'loading' };
    return {
      kind: 'shown',
      ...this.#shown,
      busy: this.#busy,
      notice: this.#trouble ?? this.#notice,
      actions: vscode.workspace.isTrusted,
    };
  }

  /** Whether the webview has said that it is there. */
  get isListening(): boolean {
    return this.#isListening;
  }

  /** Something was written: reads again, when somebody looks. */
  lookAgain(): void {
    this.#isStale = true;
    if (this.view.visible) void this.#refresh();
  }

  /** Takes what the webview says, which is not trusted: only what is shown can be asked for. */
  async receive(data: unknown): Promise<void> {
    const message = messageOf(data);
    if (message?.type === 'ready') {
      this.#isListening = true;
      this.#push();
      return;
    }
    if (message?.type === 'reload' && this.state.kind !== 'shown') return this.#tryAgain();
    const ticket = this.#ticket;
    const shown = this.#shown;
    if (!message || !ticket || !shown || this.#problem || !isAboutShown(message, shown)) {
      this.services.log.warn(
        `the comparison asks for what it does not show: ${message?.type ?? typeof data}`,
      );
      return;
    }
    const busy = busyText(message);
    if (busy !== null && this.#busy !== null) return;
    this.#busy = busy ?? this.#busy;
    this.#notice = null;
    this.#push();
    const read = (request: ComparisonRequest, signal?: AbortSignal) => this.#read(ticket, request, signal);
    const notice = await attempt(`comparison: ${message.type}`, () =>
      withTicket(
        this.services,
        async () => {
          requireCurrent(this.services, ticket);
          if (message.type !== 'reload')
            return fulfil(message, { services: this.services, ticket, shown, read });
          await read(this.#request);
          return null;
        },
        registryOf,
        ticket,
      ),
    );
    if (busy !== null) this.#busy = null;
    this.#notice = notice ?? null;
    this.#push();
  }

  dispose(): void {
    this.#isClosed = true;
    this.#reader.drop();
    this.#poll.stop();
    clearTimeout(this.#waiting);
    for (const each of this.#disposables) each.dispose();
  }

  #setUp(): void {
    const { view } = this;
    const { webview } = view;
    const root = vscode.Uri.joinPath(this.extension, 'dist', 'webview');
    const address = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString();
    this.#entitle();
    view.iconPath = vscode.Uri.joinPath(this.extension, 'media', 'warmstart.svg');
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    webview.html = panelHtml({
      title: view.title,
      language: vscode.env.language,
      nonce: randomBytes(18).toString('hex'),
      source: webview.cspSource,
      script: address('comparison.js'),
      style: address('comparison.css'),
    });
  }

  #entitle(): void {
    if (!this.#isClosed)
      this.view.title = titleOf(vscode.l10n, this.#request, this.services.connection.project);
  }

  /** The same project and account go on under their new ticket; under any other nothing is shown or done. */
  #connected(): void {
    clearTimeout(this.#waiting);
    const { ticket, state } = this.services.connection;
    if (ticket && ticket === this.#ticket) return;
    this.#reader.drop();
    this.#ticket = ticket && this.#fits(ticket) ? ticket : undefined;
    if (this.#ticket) {
      this.#projectFile = this.#ticket.project.file;
      this.#problem = undefined;
      this.#entitle();
      this.lookAgain();
    } else this.#problem = asEngineError(ticket ? elsewhere() : lacking(state));
    this.#push();
  }

  #fits({ project }: Ticket): boolean {
    return (
      (this.#projectFile === undefined || this.#projectFile === project.file) &&
      isOf(this.#request, project.registry)
    );
  }

  #seen(): void {
    if (!this.view.visible) {
      this.#isListening = false;
      this.#poll.stop();
      return;
    }
    this.#poll.start();
    if (this.#isStale || (this.#shown && Date.now() - this.#readAt > freshMs)) void this.#refresh();
  }

  #tryAgain(): void {
    this.#problem = undefined;
    this.#push();
    if (this.#ticket) void this.#refresh();
    else this.#connected();
  }

  /** One round of polling: several machines decide on the same versions. */
  async #look(): Promise<boolean> {
    const ticket = this.#ticket;
    const shown = this.#shown;
    if (!ticket || !shown || this.#busy !== null) return true;
    const isOutdated = await withTicket(
      this.services,
      () => this.#reader.isOutdated(ticket, shown.comparison),
      registryOf,
      ticket,
    );
    if (isOutdated && this.#shown === shown) await this.#refresh();
    return true;
  }

  /** Reads again what is shown, which stays until then, and after a failure, too. */
  async #refresh(): Promise<void> {
    const ticket = this.#ticket;
    if (!ticket) return;
    try {
      await withTicket(this.services, () => this.#read(ticket, this.#request), registryOf, ticket);
    } catch (error) {
      const failure = asEngineError(error);
      this.services.log.error('comparison not read', error);
      if (!this.#shown) this.#problem = failure;
      else this.#trouble = scrub(vscode.l10n.t('It could not be read again: {0}', failure.message));
      this.#push();
    }
  }

  /** A late answer, after another was asked for or the connection changed, is dropped. */
  async #read(ticket: Ticket, request: ComparisonRequest, signal?: AbortSignal): Promise<void> {
    this.#request = request;
    this.#isStale = false;
    this.#readAt = Date.now();
    try {
      const comparison = await this.#reader.read(ticket, request, signal);
      if (!comparison || ticket !== this.#ticket || !this.services.connection.isCurrent(ticket)) return;
      this.#shown = { request, comparison };
      this.#problem = undefined;
      this.#trouble = null;
    } catch (error) {
      this.#request = this.#shown?.request ?? request;
      throw error;
    } finally {
      this.#entitle();
      this.#push();
    }
  }

  #push(): void {
    if (!this.#isListening || this.#isClosed) return;
    const message: ToPanel = {
      type: 'state',
      state: this.state,
      translations: vscode.l10n.bundle ?? {},
    };
    void this.view.webview.postMessage(message);
  }
}

function elsewhere(): WarmstartError {
  return new WarmstartError(
    'connection.switched',
    vscode.l10n.t('The project or its account changed: these versions belong to another one.'),
    { kind: 'refused', remedy: vscode.l10n.t('Open it again.') },
  );
}
