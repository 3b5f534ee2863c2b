// Draws media/icon.png, which the extension list shows, from media/icon.svg. Run after changing the drawing.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium';

const media = resolve(__dirname, '..', 'media');
const size = 256;

async function main(): Promise<void> {
  const browser = await chromium.launch(await findChromium());
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body { margin: 0 } svg { display: block }</style>${await readFile(join(media, 'icon.svg'), 'utf8')}`,
  );
  await page.screenshot({ path: join(media, 'icon.png'), omitBackground: true });
  await browser.close();
}

main();
