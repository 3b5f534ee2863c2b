import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(__dirname, '..', '..');

/** Where the bundle of all host tests is; below the extension, so that it is given the extension's own `vscode`. */
export const testsPath = join(root, 'out', 'test', 'host', 'index.js');

/** Bundles `test/host/*.test.ts` with what runs them. */
export async function bundleTests(): Promise<void> {
  const files = (await readdir(__dirname)).filter((file) => file.endsWith('.test.ts')).sort();
  const loaders = files.map((file) => `${JSON.stringify(file)}: () => require('./${file}')`);
  await build({
    stdin: {
      contents: `import { runTests } from './index';\nexport const run = () => runTests({ ${loaders.join(', ')} });`,
      resolveDir: __dirname,
      loader: 'ts',
    },
    outfile: testsPath,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}
