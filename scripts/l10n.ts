// Collects what `l10n.t('…')` says in src/vscode, and `t('…')` in webview-ui, into l10n/bundle.l10n.json, from which translations start.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const call = /(?:(?<=l10n\.)|(?<!\w|\w\.))t\(\s*('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\$])*`)/g;

/** Every text by itself, in the order of the alphabet: a bundle maps the English text to its translation. */
export function translatableTexts(): Record<string, string> {
  const files = [...sourcesIn(join(root, 'src', 'vscode')), ...sourcesIn(join(root, 'webview-ui'))];
  const texts = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(call)].map(([, literal = '']) => textOf(literal)),
  );
  return Object.fromEntries([...new Set(texts)].sort().map((text) => [text, text]));
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file));
}

/** What a string literal says. */
function textOf(literal: string): string {
  const inner = literal.slice(1, -1).replace(/\\(['`])/g, '$1');
  return JSON.parse(`"${inner.replace(/(?<!\\)"/g, '\\"').replace(/\n/g, '\\n')}"`);
}

if (require.main === module) {
  mkdirSync(join(root, 'l10n'), { recursive: true });
  writeFileSync(join(root, 'l10n', 'bundle.l10n.json'), `${JSON.stringify(translatableTexts(), null, 2)}\n`);
}
