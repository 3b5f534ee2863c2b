import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { comparisonHtml } from '../../src/comparison/report';
import { comparison, hostile, hostileModel, shown } from './fixtures';
import { Panels } from './page';

const dist = resolve(__dirname, '..', '..', 'dist', 'webview');
const bundle = (name: string) => readFileSync(join(dist, name), 'utf8');

describe('strings of strangers', () => {
  let panels: Panels;
  before(async () => {
    panels = await Panels.open();
  });
  after(async () => panels.close());

  it('stay text', async () => {
    const panel = await panels.show(shown([hostileModel(), { ...hostileModel(), group: 'other' }]));
    await panel.drawAll();
    const { page } = panel;
    assert.equal(await page.title(), 'Comparison');
    assert.equal(await page.locator('main img, main script').count(), 0);
    assert.ok((await page.getByText(hostile.html).count()) > 5);
    assert.ok((await page.getByText(hostile.closing).count()) > 5);
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  it('are cut while they are long, and keep their direction to themselves', async () => {
    const panel = await panels.show(shown([hostileModel()]));
    const card = panel.page.getByRole('article').first();
    const description = card.locator('dd').last();
    assert.ok(((await description.textContent()) ?? '').length < 400);
    await description.getByRole('button', { name: 'Show all' }).click();
    assert.ok(((await description.textContent()) ?? '').length > 10_000);
    const isolated = await card
      .locator('.foreign')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).unicodeBidi));
    assert.ok(isolated.length > 2 && isolated.every((value) => value === 'isolate'));
    await panel.close();
  });

  it('make the page no wider', async () => {
    const panel = await panels.show(shown([hostileModel()]), { width: 320 });
    await panel.drawAll();
    assert.ok((await panel.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
    await panel.close();
  });
});

describe('the bundle in a report file', () => {
  let panels: Panels;
  let folder: string;
  before(async () => {
    panels = await Panels.open();
    folder = await mkdtemp(join(tmpdir(), 'warmstart-report-'));
  });
  after(async () => {
    await panels.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const dark of [false, true]) {
    it(`shows the state that the file holds, with nothing to press but what helps reading, ${dark ? 'dark' : 'light'}`, async () => {
      const file = join(folder, `report-${dark}.html`);
      const assets = { script: bundle('comparison.js'), style: bundle('comparison.css') };
      await writeFile(file, comparisonHtml(comparison([hostileModel()]), assets));
      const panel = await panels.showFile(pathToFileURL(file).href, { dark });
      await panel.page.getByRole('article').first().waitFor();
      await panel.drawAll();
      assert.equal(
        await panel.page.getByRole('button', { name: /Approve|Release|Copy|Export|Reload|Remove/ }).count(),
        0,
      );
      await panel.page.getByRole('button', { name: 'Sort by Metric' }).click();
      const background = await panel.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(background, dark ? 'rgb(31, 31, 31)' : 'rgb(255, 255, 255)');
      assert.deepEqual(panel.complaints, []);
      await panel.close();
    });
  }
});
