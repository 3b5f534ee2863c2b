import { createReadStream, existsSync, type ReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { WarmstartError } from '../errors';

/** A whole number from 1. @throws WarmstartError `usage.number` */
export function positive(text: string, option: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new WarmstartError('usage.number', `${option} must be a whole number from 1, not "${text}".`, {
    kind: 'usage',
  });
}

/** @throws WarmstartError `usage.no-file` */
export function openFile(file: string): ReadStream {
  demandFile(file);
  return createReadStream(file);
}

/** @throws WarmstartError `usage.no-file` */
export async function readText(file: string): Promise<string> {
  demandFile(file);
  return readFile(file, 'utf8');
}

function demandFile(file: string): void {
  if (!existsSync(file)) {
    throw new WarmstartError('usage.no-file', `There is no file ${file}.`, { kind: 'usage' });
  }
}

/** Collects an option that may be given several times, one value each. */
export function collected(value: string, before: string[] = []): string[] {
  return [...before, value];
}
