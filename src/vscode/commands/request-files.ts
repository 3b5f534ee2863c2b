import * as vscode from 'vscode';

export const requestScheme = 'warmstart-request';

/** Files in memory, one a target model: editable, never on a disk, gone with the window. */
export class RequestFiles implements vscode.FileSystemProvider {
  readonly #files = new Map<string, { content: Uint8Array; created: number; changed: number }>();
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changes.event;

  watch(): vscode.Disposable {
    return { dispose: () => {} };
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { content, created, changed } = this.#file(uri);
    return { type: vscode.FileType.File, ctime: created, mtime: changed, size: content.byteLength };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.#file(uri).content;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const now = Date.now();
    const before = this.#files.get(uri.path);
    this.#files.set(uri.path, { content, created: before?.created ?? now, changed: now });
    const type = before ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
    this.#changes.fire([{ type, uri }]);
  }

  has(uri: vscode.Uri): boolean {
    return this.#files.has(uri.path);
  }

  delete(uri: vscode.Uri): void {
    this.#files.delete(uri.path);
    this.#changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(from: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(from);
  }

  #file(uri: vscode.Uri) {
    const file = this.#files.get(uri.path);
    if (!file) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }
}
