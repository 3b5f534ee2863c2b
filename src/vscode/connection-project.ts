import { sep } from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../project/positions';
import type { Project } from '../project/project';
import { debounce } from './debounce';
import type { Engine } from './engine';

const fileName = 'warmstart.json';
const remembered = 'warmstart.projectFile';

/** A `warmstart.json` of the workspace; `project` is absent when it has errors. */
export interface ProjectReading {
  file: string;
  project: Project | undefined;
  problems: Problem[];
}

/** Finds and reads the workspace's project file and publishes its problems, also while a person types. */
export class ProjectSource implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when a project file was saved, came or went. */
  readonly onDidChange = this.#changed.event;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('warmstart');
  readonly #soon = debounce(200, () => this.#changed.fire());
  readonly #typed = new Map<string, vscode.TextDocument>();
  readonly #checkTyped = debounce(250, () => this.#publishTyped());
  readonly #disposables: vscode.Disposable[];
  #file: string | undefined;

  constructor(
    private readonly memento: vscode.Memento,
    private readonly engine: () => Engine,
  ) {
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${fileName}`);
    // Of a folder that is deleted only the folder is told, not what was in it.
    const deletions = vscode.workspace.createFileSystemWatcher('**', true, true, false);
    this.#disposables = [
      this.#changed,
      this.#diagnostics,
      this.#soon,
      this.#checkTyped,
      watcher,
      watcher.onDidChange(this.#soon),
      watcher.onDidCreate(this.#soon),
      watcher.onDidDelete(this.#soon),
      deletions,
      deletions.onDidDelete(({ fsPath }) => {
        if (this.#file?.startsWith(fsPath + sep)) this.#soon();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(this.#soon),
      // The watcher of a remote file system may be slow; a save in this window is known at once.
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (isProjectFile(document)) this.#soon();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (!isProjectFile(document)) return;
        this.#typed.set(document.uri.toString(), document);
        this.#checkTyped();
      }),
    ];
  }

  /** The project files of the workspace, the outermost first. */
  async candidates(): Promise<vscode.Uri[]> {
    const found = await vscode.workspace.findFiles(`**/${fileName}`, '**/{node_modules,.git}/**', 50);
    const depth = (uri: vscode.Uri) => uri.path.split('/').length;
    const folder = (uri: vscode.Uri) => vscode.workspace.getWorkspaceFolder(uri)?.index ?? 0;
    return found.sort((a, b) => folder(a) - folder(b) || depth(a) - depth(b) || (a.path < b.path ? -1 : 1));
  }

  /** Uses this one of several from now on, in this workspace. */
  async use(file: vscode.Uri): Promise<void> {
    await this.memento.update(remembered, file.fsPath);
  }

  async read(): Promise<ProjectReading | undefined> {
    const candidates = await this.candidates();
    const wanted = this.memento.get<string>(remembered);
    const uri = candidates.find(({ fsPath }) => fsPath === wanted) ?? candidates[0];
    this.#file = uri?.fsPath;
    if (!uri) {
      this.#diagnostics.clear();
      return undefined;
    }
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const { project, problems } = this.engine().parseProject(text, uri.fsPath);
    const open = vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
    if (!open?.isDirty) {
      this.#diagnostics.clear();
      this.#diagnostics.set(uri, problems.map(toDiagnostic));
    }
    return { file: uri.fsPath, project, problems };
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  #publishTyped(): void {
    for (const document of this.#typed.values()) {
      const { problems } = this.engine().parseProject(document.getText(), document.uri.fsPath);
      this.#diagnostics.set(document.uri, problems.map(toDiagnostic));
    }
    this.#typed.clear();
  }
}

function isProjectFile({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === 'file' && uri.fsPath.endsWith(`${sep}${fileName}`);
}

function toDiagnostic({
  line,
  column,
  endLine,
  endColumn,
  message,
  remedy,
  path,
  severity,
}: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1),
    remedy === undefined ? message : `${message} ${remedy}`,
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = 'warmstart';
  if (path !== '') diagnostic.code = path;
  return diagnostic;
}
