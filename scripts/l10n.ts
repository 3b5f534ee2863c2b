// Collects what `l10n.t('…')` says in src/vscode into l10n/bundle.l10n.json, from which translations start.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const call = /l10n\.t\(\s*('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\$])*`)/g;

/** Every text by itself, in the order of the alphabet: a bundle maps the English text to its translation. */
export function translatableTexts(): Record<string, string> {
  const folder = join(root, 'src', 'vscode');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const texts = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(call)].map(([, literal = '']) => textOf(literal)),
  );
  return Object.fromEntries([...new Set(texts)].sort().map((text) => [text, text]));
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
