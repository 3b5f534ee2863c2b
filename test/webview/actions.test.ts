import assert from 'node:assert/strict';
import { arnOf, binary, history, multiclass, regression, shown, withoutBaseline } from './fixtures';
import { type Panel, Panels } from './page';

const group = 'flights-delay-ord';

describe('what a person can do', () => {
  let panels: Panels;
  before(async () => {
    panels = await Panels.open();
  });
  after(async () => panels.close());

  const press = async (panel: Panel, name: string) => {
    const button = panel.page.getByRole('button', { name, exact: true }).filter({ visible: true }).first();
    await button.focus();
    await panel.page.keyboard.press('Enter');
  };

  it('is asked of the host, from the keyboard', async () => {
    const panel = await panels.show(shown());
    await panel.told();
    await press(panel, 'Approve… (Version 38)');
    await press(panel, 'Reject… (Version 38)');
    await press(panel, 'Release… (Version 38)');
    await press(panel, 'Copy ARN (Version 38)');
    await press(panel, 'Open evaluation.json (Version 38)');
    await press(panel, 'Remove from Comparison (Version 38)');
    await press(panel, 'Reload');
    await panel.page.getByLabel('Baseline', { exact: true }).selectOption('qa');
    await panel.page.getByLabel('Baseline', { exact: true }).selectOption('as each was evaluated');
    for (const name of ['Copy as Markdown', 'Save as Markdown…', 'Save as CSV…', 'Save as HTML…']) {
      await press(panel, 'Export');
      await press(panel, name);
    }
    const arn = arnOf(group, 38);
    assert.deepEqual(await panel.told(), [
      { type: 'decide', arn, decision: 'Approved' },
      { type: 'decide', arn, decision: 'Rejected' },
      { type: 'release', endpoint: 'flights' },
      { type: 'copyArn', arn },
      { type: 'openEvaluation', arn },
      { type: 'remove', arn },
      { type: 'reload' },
      { type: 'baseline', environment: 'qa' },
      { type: 'baseline', environment: null },
      { type: 'export', format: 'markdown', to: 'clipboard' },
      { type: 'export', format: 'markdown', to: 'file' },
      { type: 'export', format: 'csv', to: 'file' },
      { type: 'export', format: 'html', to: 'file' },
    ]);
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  it('is refused where it must be, with the reason beside it', async () => {
    const panel = await panels.show(shown());
    await panel.told();
    await press(panel, 'Approve with a Reason… (Version 37)');
    await panel.page.getByRole('button', { name: 'Reject… (Version 37)' }).click({ force: true });
    assert.deepEqual(await panel.told(), []);
    const card = panel.page.getByRole('article', { name: 'Version 37' });
    await card.getByText('A testing run can never be approved for a protected environment.').waitFor();
    const approve = card.getByRole('button', { name: /Approve/ });
    assert.equal(await approve.getAttribute('aria-disabled'), 'true');
    assert.match((await approve.getAttribute('aria-description')) ?? '', /testing run/);
    await panel.close();
  });

  it('waits while something is being done, and what became of it is told', async () => {
    const panel = await panels.show(shown([regression()], { busy: 'Approving version 38…' }));
    const approve = panel.page.getByRole('button', { name: 'Approve… (Version 38)' });
    assert.equal(await approve.isDisabled(), true);
    await panel.page.getByRole('status').getByText('Approving version 38…').waitFor();
    await panel.push(shown([regression()], { notice: 'Version 38 was approved.' }));
    await panel.page.getByRole('status').getByText('Version 38 was approved.').waitFor();
    assert.equal(await approve.isDisabled(), false);
    await panel.close();
  });

  it('is only reading where the host says so', async () => {
    const panel = await panels.show(shown([regression()], { actions: false }));
    await panel.told();
    await press(panel, 'Release… (Version 38)');
    assert.deepEqual(await panel.told(), []);
    await panel.page.getByText('Here it can only be read.').first().waitFor();
    await panel.close();
  });

  it('measures on the same rows where that was not done, and does not offer it twice', async () => {
    const apart = regression();
    for (const { difference } of apart.metrics.flatMap(({ cells }) => cells)) {
      if (difference) Object.assign(difference, { shared: false, low: null, high: null, interval: '' });
    }
    const state = shown([apart]);
    const panel = await panels.show(state);
    await panel.told();
    await press(panel, 'Measure on the Same Rows (Version 38)');
    assert.deepEqual(await panel.told(), [{ type: 'measure' }]);
    await panel.push({ ...state, request: { ...state.request, measure: true } });
    await panel.page.getByRole('button', { name: /^Measure/ }).waitFor({ state: 'detached' });
    await panel.close();
  });

  it('keeps the focus on the baseline while it is read, and takes back a choice made meanwhile', async () => {
    const panel = await panels.show(shown([regression()], { busy: 'Reading…' }));
    await panel.told();
    const baseline = panel.page.getByLabel('Baseline', { exact: true });
    await baseline.focus();
    await baseline.evaluate((select: HTMLSelectElement) => {
      select.value = 'qa';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    assert.deepEqual(await panel.told(), []);
    assert.equal(await baseline.inputValue(), 'production');
    assert.equal(await baseline.getAttribute('aria-disabled'), 'true');
    await panel.close();
  });

  it('chooses among several models', async () => {
    const panel = await panels.show(shown([regression(), binary(), multiclass()]));
    assert.equal(await panel.page.getByRole('article').count(), 2);
    await press(panel, 'cancelled');
    await panel.page.getByRole('heading', { name: 'ROC curve' }).waitFor();
    assert.equal(await panel.page.getByRole('article').count(), 1);
    await panel.close();
  });

  it('says why there is no baseline', async () => {
    const panel = await panels.show(shown([withoutBaseline()]));
    await panel.page
      .getByText('Nothing serves delay-ord in production yet, so there is no baseline.')
      .waitFor();
    await panel.page.getByText('Not known').waitFor();
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  it('adds a version from the history, by key, by click and from its table', async () => {
    const panel = await panels.show(shown());
    await panel.drawAll();
    await panel.told();
    const cursor = panel.page.getByRole('slider', { name: /Evaluations of the history/ });
    await cursor.focus();
    for (const key of ['End', 'ArrowLeft', 'Enter']) await panel.page.keyboard.press(key);
    assert.match((await cursor.getAttribute('aria-valuetext')) ?? '', /version 39, rmse/);
    assert.deepEqual(await panel.told(), [{ type: 'add', group, version: 39 }]);
    // One that is compared already.
    for (const key of ['ArrowLeft', 'Enter']) await panel.page.keyboard.press(key);
    assert.deepEqual(await panel.told(), []);

    const box = (await cursor.boundingBox())!;
    await cursor.click({ position: { x: box.width - 25, y: 60 } });
    assert.deepEqual(await panel.told(), [{ type: 'add', group, version: 40 }]);

    const chart = panel.page.locator('figure.chart').first();
    await chart.getByText('Data as a table').press('Enter');
    await chart.getByText('Rows 1–50 of 116').waitFor();
    await chart.getByRole('button', { name: 'Add version 31' }).press('Enter');
    assert.deepEqual(await panel.told(), [{ type: 'add', group, version: 31 }]);
    await chart.getByRole('button', { name: 'Next' }).press('Enter');
    await chart.getByText('Rows 51–100 of 116').waitFor();
    await panel.close();
  });

  it('selects a feature of the drift by list and by click', async () => {
    const panel = await panels.show(shown());
    await panel.drawAll();
    const chart = panel.page.locator('figure.chart', { hasText: 'Drift of the data' });
    await chart.getByLabel('Column', { exact: true }).selectOption('hour');
    await chart.getByText('hour moved strongly (PSI 0.293).').waitFor();
    await chart.locator('.selectable rect').nth(2).click();
    await chart.getByText('distance moved moderately (PSI').waitFor();
    await panel.close();
  });

  it('is quick with ten thousand evaluations', async () => {
    const long = { ...regression(), history: history(10_000, { rmse: 11.5, mae: 7.8, r2: 0.6 }) };
    const panel = await panels.show(shown([long]));
    const first = await panel.paintTime();
    await panel.push(shown([long]));
    const again = await panel.paintTime();
    assert.ok(first < 1000 && again < 1000, `${first.toFixed(0)} and ${again.toFixed(0)} ms`);
    await panel.drawAll();
    await panel.page.getByRole('slider').waitFor();
    const lines = await panel.page
      .locator('svg.plot path')
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('d')?.split('L').length ?? 0));
    const points = Math.max(...lines);
    assert.ok(points > 500 && points < 2_500, `${points} points`);
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });
});
