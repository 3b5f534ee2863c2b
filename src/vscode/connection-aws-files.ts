import { homedir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { debounce } from './debounce';

const remembered = 'warmstart.awsConfigFiles';
const names = ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'] as const;

/**
 * Which AWS config and credentials files are read, and when they change. The SDK finds them by environment variables
 * alone (its SSO provider drops every other hint), so a choice sets those of the extension host and gives them back
 * when it ends.
 */
export class AwsFiles implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #signedIn = new vscode.EventEmitter<void>();
  /** Fires when a file in use was written. */
  readonly onDidChange = this.#changed.event;
  /** Fires when a token was written where `aws sso login` and `aws login` leave them. */
  readonly onDidSignIn = this.#signedIn.event;
  readonly #original = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  readonly #fireChanged = debounce(500, () => this.#changed.fire());
  readonly #fireSignedIn = debounce(500, () => this.#signedIn.fire());
  #watchers: vscode.Disposable[] = [];
  #watched = '';

  constructor(private readonly memento: vscode.Memento) {}

  /** Points the SDK at the files for a project and watches them. */
  apply(projectFile: string | undefined): void {
    const chosen = this.#chosenFor(projectFile);
    const setting = vscode.workspace.getConfiguration('warmstart').get<string>('awsConfigFile') || undefined;
    const own = setting?.replace(/^~(?=[/\\]|$)/, homedir());
    set('AWS_CONFIG_FILE', chosen ?? own ?? this.#original.AWS_CONFIG_FILE);
    set(
      'AWS_SHARED_CREDENTIALS_FILE',
      chosen ? join(dirname(chosen), 'credentials') : this.#original.AWS_SHARED_CREDENTIALS_FILE,
    );
    this.#watch();
  }

  /** Remembers `file` for the projects in `folder`, or forgets what was remembered. */
  async choose(file: string | undefined, folder: string): Promise<void> {
    const { [folder]: _, ...others } = this.#choices();
    await this.memento.update(remembered, file === undefined ? others : { ...others, [folder]: file });
  }

  /** The config file in use. */
  get configFile(): string {
    return process.env.AWS_CONFIG_FILE || join(homedir(), '.aws', 'config');
  }

  dispose(): void {
    for (const name of names) set(name, this.#original[name]);
    for (const watcher of this.#watchers) watcher.dispose();
    for (const each of [this.#fireChanged, this.#fireSignedIn, this.#changed, this.#signedIn]) each.dispose();
  }

  #choices(): Record<string, string> {
    return this.memento.get<Record<string, string>>(remembered, {});
  }

  /** Of the innermost folder that holds the project. */
  #chosenFor(projectFile: string | undefined): string | undefined {
    if (projectFile === undefined) return undefined;
    const [best] = Object.entries(this.#choices())
      .filter(([folder]) => isInside(projectFile, folder))
      .sort(([a], [b]) => b.length - a.length);
    return best?.[1];
  }

  #watch(): void {
    const credentials = process.env.AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials');
    const cache = (name: string) => join(homedir(), '.aws', name, 'cache');
    const patterns: [folder: string, glob: string, fire: () => void][] = [
      [dirname(this.configFile), basename(this.configFile), this.#fireChanged],
      [dirname(credentials), basename(credentials), this.#fireChanged],
      [cache('sso'), '*.json', this.#fireSignedIn],
      [cache('login'), '*.json', this.#fireSignedIn],
    ];
    const key = JSON.stringify(patterns);
    if (key === this.#watched) return;
    this.#watched = key;
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = patterns.flatMap(([folder, glob, fire]) => {
      const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), glob);
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      return [watcher, watcher.onDidChange(fire), watcher.onDidCreate(fire), watcher.onDidDelete(fire)];
    });
  }
}

function isInside(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== '..' && !path.startsWith(`..${sep}`) && path !== file;
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
