import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { PanelState } from '../../src/comparison/panel';
import { binary, multiclass, problem, regression, shown, withoutBaseline } from './fixtures';
import { type Panel, Panels, themeNames } from './page';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Every section, table and menu open, everything drawn. */
async function openAll({ page }: Panel): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    for (const button of document.querySelectorAll<HTMLElement>('.differences .link')) button.click();
  });
}

async function violations({ page }: Panel): Promise<string[]> {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate<AxeResults>(
    'axe.run(document, { resultTypes: ["violations"], rules: { "landmark-one-main": { enabled: true } } })',
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

describe('for everybody', () => {
  let panels: Panels;
  before(async () => {
    panels = await Panels.open();
  });
  after(async () => panels.close());

  const states: Record<string, PanelState> = {
    'several models': shown([regression(), binary()], { notice: 'Version 38 was approved.' }),
    'a classifier': shown([multiclass()]),
    'no baseline, nothing allowed': shown([withoutBaseline()], {
      actions: false,
      busy: 'Reading the registry…',
    }),
    'a problem': problem,
  };
  for (const theme of themeNames) {
    it(`axe finds nothing in ${theme}, with all sections open`, async () => {
      for (const [name, state] of Object.entries(states)) {
        const panel = await panels.show(state, { theme });
        await panel.drawAll();
        await openAll(panel);
        assert.deepEqual(await violations(panel), [], name);
        assert.deepEqual(panel.complaints, [], name);
        await panel.close();
      }
    });
  }

  it('every picture has a name, a sentence and a table', async () => {
    const panel = await panels.show(shown([binary()]));
    await panel.drawAll();
    const figures = await panel.page.locator('figure.chart').evaluateAll((charts) =>
      charts.map((chart) => ({
        title: chart.querySelector('h3')?.textContent,
        pictures: [...chart.querySelectorAll('svg.plot')].map(
          (svg) => svg.getAttribute('role') === 'img' && (svg.getAttribute('aria-label') ?? '').length > 10,
        ),
        summary: (chart.querySelector('.summary')?.textContent ?? '').length,
        tables: chart.querySelectorAll('details.data').length,
      })),
    );
    assert.deepEqual(
      figures.map(({ title }) => title),
      ['History', 'Error by decile', 'Calibration', 'ROC curve', 'Confusion matrix', 'Error by feature'],
    );
    for (const { title, pictures, summary, tables } of figures) {
      assert.ok(pictures.length > 0 && pictures.every(Boolean), `${title}: picture`);
      assert.ok(summary > 10 && tables > 0, `${title}: words`);
    }
    await panel.close();
  });

  for (const [name, width, fontSize] of [
    ['at 320 pixels', 320, '13px'],
    // What zooming does to a window of 640 pixels is the case above; this is text alone.
    ['with text of twice the size', 640, '26px'],
  ] as const) {
    it(`${name} the page does not scroll sideways`, async () => {
      const panel = await panels.show(shown([regression(), binary()]), { width });
      await panel.page.evaluate((size) => {
        document.documentElement.style.setProperty('--vscode-font-size', size);
      }, fontSize);
      await panel.drawAll();
      await openAll(panel);
      const wide = await panel.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} pixels too wide`);
      const scrolls = panel.page.getByRole('region', { name: 'Metrics table' });
      await scrolls.focus();
      await panel.page.keyboard.press('End');
      assert.equal(await scrolls.evaluate((it) => it === document.activeElement), true);
      await panel.close();
    });
  }
});
