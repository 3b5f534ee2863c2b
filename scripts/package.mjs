// Makes warmstart-<version>.vsix and holds it to its budgets.
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
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
/** The panel's script and styles together, gzipped: a report file carries them too. */
const panelBudget = 400 * kilobyte;

/** Everything that may be in the package; a file that matches nothing here got in by mistake. */
const admitted = [
  /^dist\/(extension|aws|cli|sandbox|training-worker)\.js$/,
  /^dist\/webview\/comparison\.(js|css)$/,
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
  'dist/webview/comparison.js',
  'dist/webview/comparison.css',
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

/** What is copied beside dist/; .vscodeignore says which of it is packed. */
const staged = /^(\.vscodeignore|l10n|media|schema|package\.nls.*\.json|LICENSE)$/;
/** Of the extension in VS Code's list: pictures and links into the repository would be empty there. */
const readme = join('docs', 'extension-page.md');
const developmentOnly = [
  'private',
  'files',
  'bin',
  'scripts',
  'dependencies',
  'devDependencies',
  'allowScripts',
];

const faults = [];

// Packed in a folder of its own: vsce looks through everything beside package.json, and dist/ may be in use.
const stage = await mkdtemp(join(tmpdir(), 'warmstart-package-'));
try {
  const vsix = await pack();
  for (const [file, budget] of Object.entries(budgets)) await holdTo(budget, join(stage, file), file);
  hold(panelBudget, await panelSize(), 'dist/webview, gzipped');
  await holdTo(vsixBudget, vsix, basename(vsix));
} finally {
  await rm(stage, { recursive: true, force: true });
}
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
}

async function pack() {
  await bundle({ production: true, dist: join(stage, 'dist') });
  for (const name of await readdir(root)) {
    if (staged.test(name)) await cp(join(root, name), join(stage, name), { recursive: true });
  }
  await cp(join(root, readme), join(stage, 'README.md'));
  const { name, version, ...manifest } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const key of developmentOnly) delete manifest[key];
  await writeFile(join(stage, 'package.json'), JSON.stringify({ name, version, ...manifest }, null, 2));

  checkList((await listFiles({ cwd: stage, dependencies: false })).map((file) => file.replaceAll('\\', '/')));
  const vsix = join(root, `${name}-${version}.vsix`);
  await createVSIX({
    cwd: stage,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    // Without a public repository there is nothing that relative links could be rewritten to.
    rewriteRelativeLinks: false,
  });
  return vsix;
}

function checkList(files) {
  for (const file of files) {
    if (!admitted.some((pattern) => pattern.test(file)))
      faults.push(`${file} does not belong in the package.`);
  }
  for (const file of required) {
    if (!files.includes(file)) faults.push(`${file} is missing from the package.`);
  }
}

async function panelSize() {
  const files = ['comparison.js', 'comparison.css'].map((name) => join(stage, 'dist', 'webview', name));
  const sizes = files.map(async (file) => gzipSync(await readFile(file)).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function holdTo(budget, path, name) {
  const { size } = await stat(path);
  hold(budget, size, name);
}

function hold(budget, size, name) {
  console.log(`${name}: ${(size / kilobyte).toFixed(0)} of ${(budget / kilobyte).toFixed(0)} KB`);
  if (size > budget) faults.push(`${name} has ${size} bytes; its budget is ${budget}.`);
}
