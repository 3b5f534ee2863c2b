import assert from 'node:assert/strict';
import { regression, shown } from './fixtures';
import { type Panel, Panels } from './page';

describe('the metrics table', () => {
  let panels: Panels;
  let panel: Panel;
  before(async () => {
    panels = await Panels.open();
  });
  beforeEach(async () => {
    panel = await panels.show(shown());
  });
  afterEach(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });
  after(async () => panels.close());

  const table = () => panel.page.locator('table.metrics');
  const names = () => table().locator('tbody th bdi:first-child').allTextContents();
  const metrics = async () => (await names()).filter((name) => !['min'].includes(name));
  const versions = async () =>
    (await table().locator('th.column').allTextContents()).map((text) => /Version \d+/.exec(text)?.[0]);
  const press = async (name: string | RegExp) => {
    await panel.page
      .getByRole('button', { name, exact: typeof name === 'string' })
      .first()
      .focus();
    await panel.page.keyboard.press('Enter');
  };

  it('shows differences only, says how many rows are the same, and shows them when asked', async () => {
    assert.deepEqual(await metrics(), ['rmse', 'mae', 'bias', 'stdev_error', 'r2']);
    const section = panel.page.locator('.section', { hasText: 'Metrics' }).first();
    await section.getByText('2 rows are the same everywhere.').waitFor();
    await section.getByRole('button', { name: 'Show all' }).press('Enter');
    assert.equal((await metrics()).length, 7);
    await section.getByRole('checkbox', { name: 'Differences only' }).press('Space');
    assert.equal((await metrics()).length, 5);
    assert.equal(await table().getByText('not measured').count(), 1);
    assert.equal(await table().getByText('other test set: against 0.612').count(), 2);
  });

  it('is sorted from its headers by keyboard, and says so', async () => {
    await press('Sort by Metric');
    assert.deepEqual(await metrics(), ['bias', 'mae', 'r2', 'rmse', 'stdev_error']);
    const sorted = table().locator('th[aria-sort=ascending]');
    assert.equal(await sorted.count(), 1);
    await press('Sort by Difference of Version 38');
    assert.equal((await metrics())[0], 'bias');
    assert.equal(await table().locator('th[aria-sort=descending]').count(), 1);
    await press('Sort by Value of Version 30');
    assert.deepEqual(await metrics(), ['bias', 'r2', 'mae', 'stdev_error', 'rmse']);
  });

  it('has columns that are moved and pinned by keyboard', async () => {
    assert.deepEqual(await versions(), ['Version 30', 'Version 38', 'Version 37']);
    await press('Arrange Version 37');
    await panel.page.getByRole('button', { name: 'Move Left' }).filter({ visible: true }).press('Enter');
    assert.deepEqual(await versions(), ['Version 30', 'Version 37', 'Version 38']);
    assert.equal(
      await panel.page.getByRole('button', { name: 'Move Left' }).filter({ visible: true }).count(),
      0,
    );
    await press('Arrange Version 38');
    await panel.page
      .getByRole('button', { name: 'Pin to the Left' })
      .filter({ visible: true })
      .press('Enter');
    assert.deepEqual(await versions(), ['Version 30', 'Version 38', 'Version 37']);
    await press('Arrange Version 30');
    await panel.page.getByRole('button', { name: 'Unpin' }).filter({ visible: true }).press('Enter');
    assert.equal((await versions())[0], 'Version 38');
  });

  it('has columns that are dragged', async () => {
    await table()
      .locator('th.column', { hasText: 'Version 37' })
      .dragTo(table().locator('th.column', { hasText: 'Version 38' }));
    assert.deepEqual(await versions(), ['Version 30', 'Version 37', 'Version 38']);
  });

  it('keeps pinned columns in sight while it scrolls', async () => {
    await panel.page.setViewportSize({ width: 700, height: 900 });
    const region = panel.page.getByRole('region', { name: 'Metrics table' });
    const left = () =>
      table()
        .locator('th.column', { hasText: 'Version 30' })
        .evaluate((it) => it.getBoundingClientRect().left);
    const before = await left();
    await region.evaluate((it) => {
      it.scrollLeft = 200;
    });
    assert.ok(Math.abs((await left()) - before) < 2);
  });

  it('is kept, with all that was chosen, and is restored', async () => {
    await press('Sort by Metric');
    await panel.page.getByRole('button', { name: 'What changed' }).press('Enter');
    const kept = await panel.kept();
    assert.deepEqual(kept?.request, shown().request);
    const again = await panels.show(shown(), { kept });
    assert.equal(await again.page.locator('th[aria-sort=ascending]').count(), 1);
    assert.equal(
      await again.page.getByRole('button', { name: 'What changed' }).getAttribute('aria-expanded'),
      'false',
    );
    assert.equal(await again.page.locator('table.changes').count(), 0);
    await again.close();
  });
});

describe('the changes', () => {
  let panels: Panels;
  before(async () => {
    panels = await Panels.open();
  });
  after(async () => panels.close());

  it('are only those that differ, in their sections, with the query line by line', async () => {
    const panel = await panels.show(shown([regression()]));
    const changes = panel.page.locator('table.changes');
    assert.deepEqual(await changes.locator('.group').allTextContents(), [
      'Hyperparameters',
      'Ranges',
      'Tuning',
      'Data',
      'Code',
      'Artifact',
      'Cost',
    ]);
    assert.equal(await changes.getByText('subsample').count(), 0);
    assert.equal(await changes.getByText('not known').count(), 1);
    const diff = panel.page.getByRole('region', { name: 'Differences of sql/delay.sql' });
    assert.deepEqual(await diff.locator('ins').allTextContents(), [
      '  f.distance,',
      '  w.wind_knots',
      'join weather w on w.airport = f.origin and w.hour = f.hour',
    ]);
    assert.equal(await diff.locator('del').count(), 1);
    await panel.close();
  });
});
