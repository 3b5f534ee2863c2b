import assert from 'node:assert/strict';
import { problem, shown } from './fixtures';
import { Panels } from './page';

describe('the comparison panel', () => {
  let panels: Panels;
  before(async () => {
    panels = await Panels.open();
  });
  after(async () => panels.close());

  it('says that it is ready, and shows what it is then told', async () => {
    const panel = await panels.show({ kind: 'loading' });
    await panel.page.getByText('Reading the evaluations…').waitFor();
    assert.deepEqual(await panel.told(), [{ type: 'ready' }]);
    await panel.push(shown());
    await panel.page.getByRole('heading', { name: 'delay-ord' }).first().waitFor();
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  it('says what went wrong and what to do, and tries again', async () => {
    const panel = await panels.show(problem);
    const alert = panel.page.getByRole('alert');
    assert.match((await alert.textContent()) ?? '', /no version 99.*Choose one.*registry\.unknown-version/s);
    await panel.told();
    await panel.page.getByRole('button', { name: 'Try Again' }).click();
    assert.deepEqual(await panel.told(), [{ type: 'reload' }]);
    await panel.close();
  });
});
