import * as vscode from 'vscode';

const scheme = 'warmstart';
const kept = 40;

let current: Documents | undefined;

/** The documents of this window. */
export function theDocuments(): Documents {
  current ??= new Documents();
  return current;
}

/** Read-only documents that the extension writes: plans, comparisons, logs. Their content lives as long as the window. */
export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #contents = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (
      this.#contents.get(uri.toString()) ??
      vscode.l10n.t('This was shown in an earlier window. Run the command again to see it as it is now.')
    );
  }

  /** Shows Markdown as a preview. The title is the tab's name; the same title replaces what it showed before. */
  async showMarkdown(title: string, text: string): Promise<vscode.Uri> {
    const uri = this.#write(`${title}.md`, text);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
    return uri;
  }

  /** Shows plain text in an editor. */
  async showText(title: string, text: string, language = 'log'): Promise<vscode.TextEditor> {
    const uri = this.#write(`${title}.${language}`, text);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, language);
    return vscode.window.showTextDocument(document, { preview: true });
  }

  /** The text of a document that was shown. */
  read(uri: vscode.Uri): string | undefined {
    return this.#contents.get(uri.toString());
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
    this.#contents.clear();
    current = undefined;
  }

  #write(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path: `/${name.replaceAll(/[\\/:]/g, ' ')}` });
    const key = uri.toString();
    this.#contents.delete(key);
    this.#contents.set(key, text);
    const [oldest] = this.#contents.keys();
    if (this.#contents.size > kept && oldest !== undefined) this.#contents.delete(oldest);
    this.#changed.fire(uri);
    return uri;
  }
}
