import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Session } from './session';

const folder = resolve(__dirname, '..', '..', 'docs', 'images');

/** `npm run screenshots` is the same story with a camera. */
const wanted = process.env.npm_lifecycle_event === 'screenshots';

/** Writes `docs/images/<name>.png`, with the pointer out of the way so that no hover covers anything. */
export async function picture({ page }: Session, name: string): Promise<void> {
  if (!wanted) return;
  await page.mouse.move(900, 640);
  // Hovers fade; nothing tells when they are gone.
  await page.waitForTimeout(700);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.png`), await page.screenshot({ type: 'png' }));
}
