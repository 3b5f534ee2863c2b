// Makes warmstart-<version>.vsix and holds it to its budgets.
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createVSIX, listFiles } from '@vscode/vsce';
import { bundle } from './build.mjs';

const root = resolve(import.meta.dirname, '..');

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

/** In bytes. The extension's own bundle is what every window pays for; the rest is loaded when it is used. */
const budgets = {
  'dist/extension.js': 150 * kilobyte,
  'dist/aws.js': 1.5 * megabyte,
  'dist/sandbox.js': 0.75 * megabyte,
};
const vsixBudget = 10 * megabyte;

/** Everything that may be in the package; a file that matches nothing here got in by mistake. */
const admitted = [
  /^dist\/(extension|aws|cli|sandbox|training-worker)\.js$/,
  /^dist\/(pglite\.(mjs|wasm|data)|initdb\.wasm|licences\.txt)$/,
  /^l10n\/[^/]+\.json$/,
  /^media\/(warmstart\.svg|icon\.png)$/,
  /^media\/sample\/[^.][^/]*$/,
  /^media\/sample\/project\/(warmstart\.json|\.gitignore|sql\/[^/]+\.sql)$/,
  /^schema\/[^/]+\.json$/,
  /^(package\.json|package\.nls(\.[\w-]+)?\.json|README\.md|LICENSE)$/,
];
const required = [
  'dist/extension.js',
  'dist/aws.js',
  'dist/cli.js',
  'dist/sandbox.js',
  'dist/training-worker.js',
  'dist/pglite.mjs',
  'dist/pglite.wasm',
  'dist/pglite.data',
  'dist/initdb.wasm',
  'dist/licences.txt',
  'media/warmstart.svg',
  'media/icon.png',
  'media/sample/project/warmstart.json',
  'schema/warmstart.schema.json',
  'LICENSE',
];

const faults = [];

await bundle({ production: true });
const files = (await listFiles({ cwd: root, dependencies: false })).map((file) => file.replaceAll('\\', '/'));
for (const file of files) {
  if (!admitted.some((pattern) => pattern.test(file))) faults.push(`${file} does not belong in the package.`);
}
for (const file of required) {
  if (!files.includes(file)) faults.push(`${file} is missing from the package.`);
}
for (const [file, budget] of Object.entries(budgets)) await holdTo(budget, file);

const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const vsix = `${name}-${version}.vsix`;
await createVSIX({
  cwd: root,
  packagePath: join(root, vsix),
  dependencies: false,
  allowMissingRepository: true,
  // Without a public repository there is nothing that relative links could be rewritten to.
  rewriteRelativeLinks: false,
});
await holdTo(vsixBudget, vsix);

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}

async function holdTo(budget, file) {
  const { size } = await stat(join(root, file));
  console.log(`${file}: ${(size / kilobyte).toFixed(0)} of ${(budget / kilobyte).toFixed(0)} KB`);
  if (size > budget) faults.push(`${file} has ${size} bytes; its budget is ${budget}.`);
}
