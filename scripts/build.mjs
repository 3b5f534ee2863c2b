// Bundles the entry points into dist/. `--production` minifies; type checking is `npm run lint`'s work.
import { chmod, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import { collectLicences } from './licences.mjs';

const root = resolve(import.meta.dirname, '..');

/** PGlite finds its WebAssembly beside its own ES module, so it is a bundle apart, with those files next to it. */
const pgliteApart = {
  name: 'pglite-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^@electric-sql\/pglite(-socket)?$/ }, () => ({
      path: './pglite.mjs',
      external: true,
    }));
  },
};

/** Zod exports the messages of fifty languages as one object, which would be a fifth of the bundle. */
const englishZod = {
  name: 'english-zod',
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: `export { default as en } from './en.js';`,
      resolveDir: dirname(path),
    }));
  },
};

const pgliteFiles = ['pglite.wasm', 'pglite.data', 'initdb.wasm'];
const pgliteEntry = {
  resolveDir: root,
  contents: `export { PGlite } from '@electric-sql/pglite';
    export { PGLiteSocketServer } from '@electric-sql/pglite-socket';`,
};

function bundlesOf(production, dist) {
  const shared = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outdir: dist,
    // The SDK's ESM builds shake to half the size and a third of the load time of its CommonJS builds.
    mainFields: ['module', 'main'],
    minify: production,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    // pg looks for its optional native driver.
    external: ['vscode', 'pg-native'],
    plugins: [pgliteApart, englishZod],
  };
  return [
    { ...shared, entryPoints: { extension: 'src/extension.ts' } },
    { ...shared, entryPoints: { aws: 'src/engine.ts' } },
    { ...shared, entryPoints: { cli: 'src/cli.ts' }, banner: { js: '#!/usr/bin/env node' } },
    {
      ...shared,
      entryPoints: { sandbox: 'src/sandbox/main.ts', 'training-worker': 'src/sandbox/training/worker.ts' },
    },
    {
      ...shared,
      stdin: pgliteEntry,
      format: 'esm',
      outdir: undefined,
      outfile: join(dist, 'pglite.mjs'),
      // Minified by its makers already.
      sourcemap: false,
      plugins: [],
    },
    panelOf(production, dist),
  ];
}

/**
 * The toolkit asks the browser about `:focus-visible` by a style element that the page's policy would turn down, with a
 * complaint. All browsers that the page is for know it.
 */
const focusVisible = {
  name: 'focus-visible',
  setup({ onLoad }) {
    onLoad({ filter: /fast-web-utilities[\\/]dist[\\/]dom\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replace('let _canUseFocusVisible;', 'let _canUseFocusVisible = true;');
      if (contents === source) throw new Error(`${path} asks about :focus-visible in another way now.`);
      return { contents };
    });
  },
};

/** The comparison's page. It also goes into report files, whole, so it is one script and one style sheet. */
function panelOf(production, dist) {
  return {
    absWorkingDir: root,
    entryPoints: { comparison: 'webview-ui/main.tsx' },
    outdir: join(dist, 'webview'),
    tsconfig: 'webview-ui/tsconfig.json',
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: production,
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    plugins: [focusVisible],
  };
}

async function copyPgliteFiles(dist) {
  const folder = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
  for (const file of pgliteFiles) await copyFile(join(folder, file), join(dist, file));
}

/** Removes what an earlier build left, after the new files are there: a process that runs from dist/ goes on. */
async function removeOthers(dist, written) {
  const keep = new Set(written);
  for (const file of await readdir(dist)) {
    if (!keep.has(file)) await rm(join(dist, file), { recursive: true, force: true });
  }
}

/**
 * @param {{ production: boolean, dist?: string }} options
 * @returns {Promise<import('esbuild').Metafile[]>}
 */
export async function bundle({ production, dist = join(root, 'dist') }) {
  const results = await Promise.all(bundlesOf(production, dist).map(build));
  const metafiles = results.map((result) => result.metafile);
  await copyPgliteFiles(dist);
  await chmod(join(dist, 'cli.js'), 0o755);
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  if (production) await writeFile(join(dist, 'licences.txt'), await collectLicences(root, inputs));
  const outputs = metafiles
    .flatMap((metafile) => Object.keys(metafile.outputs))
    .map((path) => relative(dist, join(root, path)).split(sep)[0]);
  await removeOthers(dist, [...outputs, ...pgliteFiles, ...(production ? ['licences.txt'] : [])]);
  return metafiles;
}

if (process.argv[1] === import.meta.filename) {
  await bundle({ production: process.argv.includes('--production') });
}
