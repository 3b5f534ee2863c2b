// Bundles the entry points into dist/. `--production` minifies; type checking is `npm run lint`'s work.
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const production = process.argv.includes('--production');

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // The SDK's ESM builds shake to half the size and a third of the load time of its CommonJS builds.
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  metafile: true,
  // pg looks for its optional native driver; PGlite reads its WebAssembly beside itself, so it stays a package.
  external: ['vscode', 'pg-native', '@electric-sql/pglite', '@electric-sql/pglite-socket'],
};

const bundles = [
  { entryPoints: { extension: 'src/extension.ts' } },
  { entryPoints: { aws: 'src/engine.ts' } },
  { entryPoints: { cli: 'src/cli.ts' }, banner: { js: '#!/usr/bin/env node' } },
  { entryPoints: { sandbox: 'src/sandbox/main.ts', 'training-worker': 'src/sandbox/training/worker.ts' } },
];

await rm('dist', { recursive: true, force: true });
for (const bundle of bundles) await build({ ...shared, ...bundle, outdir: 'dist' });
await chmod('dist/cli.js', 0o755);
