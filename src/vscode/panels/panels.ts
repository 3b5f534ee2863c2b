import * as vscode from 'vscode';
import type { ComparisonRequest } from '../../comparison/comparison';
import type { CommandServices } from '../commands/command-services';
import type { Ticket } from '../connection';
import type { Services } from '../services';
import type { Views } from '../trees/commands';
import { keptRequest } from './messages';
import { ComparisonPanel } from './panel';
import { keyOf, titleOf } from './titles';

export const comparisonType = 'warmstart.comparison';

/** The comparisons of this window, one for each request, also those of the window before its reload. */
export class Panels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #open = new Set<ComparisonPanel>();
  readonly #services: CommandServices;
  readonly #registration: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Uri,
    services: Services,
    views: Views,
  ) {
    this.#services = { ...services, views, panels: this };
    this.#registration = vscode.window.registerWebviewPanelSerializer(comparisonType, this);
  }

  get open(): readonly ComparisonPanel[] {
    return [...this.#open];
  }

  show({ project }: Ticket, request: ComparisonRequest): ComparisonPanel {
    const key = keyOf(request);
    const known = this.open.find((panel) => keyOf(panel.request) === key);
    if (known) {
      known.view.reveal();
      return known;
    }
    const view = vscode.window.createWebviewPanel(
      comparisonType,
      titleOf(vscode.l10n, request, project),
      vscode.ViewColumn.Active,
      { enableScripts: true, enableFindWidget: true },
    );
    return this.#add(view, request);
  }

  /** Sets up anew what was open when the window was reloaded; it is read as soon as the project is known. */
  async deserializeWebviewPanel(view: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const request = keptRequest(kept);
    if (request) this.#add(view, request);
    // It was closed before it had anything to show, or its state is not ours.
    else view.dispose();
  }

  lookAgain(): void {
    for (const panel of this.#open) panel.lookAgain();
  }

  dispose(): void {
    this.#registration.dispose();
    // The tabs stay: whoever reloads the window finds them again.
    for (const panel of this.#open) panel.dispose();
    this.#open.clear();
  }

  #add(view: vscode.WebviewPanel, request: ComparisonRequest): ComparisonPanel {
    const panel = new ComparisonPanel(view, request, this.#services, this.extension);
    this.#open.add(panel);
    view.onDidDispose(() => {
      this.#open.delete(panel);
      panel.dispose();
    });
    return panel;
  }
}
