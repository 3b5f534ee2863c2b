// The licences of everything that is bundled, as their authors ask for it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param {string} root of the repository
 * @param {string[]} inputs paths of bundled files, relative to the root
 * @returns {Promise<string>} one section a package, by name
 * @throws when a bundled package states no licence
 */
export async function collectLicences(root, inputs) {
  const sections = [...foldersOf(inputs)].sort().map((folder) => sectionOf(join(root, folder)));
  return `${(await Promise.all(sections)).join(`\n${'-'.repeat(80)}\n\n`)}\n`;
}

function foldersOf(inputs) {
  const folders = inputs.map(
    (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input.replaceAll('\\', '/'))?.[0],
  );
  return new Set(folders.filter((folder) => folder !== undefined));
}

async function sectionOf(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)(\.|$)/i.test(file));
  if (!license && files.length === 0) throw new Error(`${name} states no licence.`);
  const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')));
  const by = typeof author === 'string' ? author : author?.name;
  return [`${name} ${version} (${license})${by ? `, ${by}` : ''}`, ...texts.map((text) => text.trim())].join(
    '\n\n',
  );
}
