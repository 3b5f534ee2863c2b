import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ComparisonPanel } from './comparison-panel';
import { hostileText, Others } from './others';
import { picture } from './pictures';
import { Session, themes } from './session';
import type { Workbench } from './workbench';

const minutes = 60_000;

/** One story from an empty window to a rollback; each step stands on those before it, so the first that fails ends it. */
describe('A person with the extension and no AWS account', function () {
  this.bail(true);
  let session: Session;
  let workbench: Workbench;
  let panel: ComparisonPanel;
  let others: Others;

  before(async function () {
    this.timeout(5 * minutes);
    session = await Session.open();
    workbench = session.workbench;
    panel = new ComparisonPanel(session.page);
    others = new Others(session.sandboxHome, await session.commandLine());
  });

  after(async () => {
    await session?.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await session.explain(this.currentTest.fullTitle());
  });

  it('finds the five views behind an icon of the activity bar, and is offered the sandbox', async () => {
    await workbench.commandsFor('Warmstart');
    await workbench.openContainer('Warmstart');
    for (const title of ['Approvals', 'Models', 'Tuning Lineage', 'Endpoints', 'Activity'])
      await workbench.view(title).header.waitFor();
    await workbench.view('Approvals').welcome.getByRole('button', { name: 'Start Local Sandbox' }).waitFor();
    await picture(session, 'welcome');
  });

  it('starts the sandbox from the palette and opens its sample project', async () => {
    await workbench.run('Start Local Sandbox');
    await workbench.notifications.waitFor('The local sandbox is up', minutes);
    await others.loosenGates();
    await workbench.notifications.press('The local sandbox is up', 'Open Sample Project');
    await workbench.statusItem('training · 111111111111 · sandbox-training').waitFor({ timeout: minutes });
    assert.match(session.page.url(), /folder=.*sandbox\/project/);
    await workbench.openContainer('Warmstart');
    await workbench.view('Models').waitForRow('delay-ord');
    await workbench.widenSideBar(400);
  });

  it('retrains a model from the palette after seeing what will happen, and watches it in Activity', async function () {
    this.timeout(5 * minutes);
    await retrain(workbench, 'delay-ord', '2001-04-01', () => picture(session, 'retrain'));
    await workbench.view('Activity').waitForRow(/Retrain delay-ord/);
    await picture(session, 'activity');
    await workbench.notifications.waitFor('delay-ord: version 1 waits for approval', 4 * minutes);
    await workbench.view('Approvals').waitForRow('delay-ord');
    await workbench.page.locator('.activitybar .badge').filter({ hasText: '1' }).first().waitFor();
  });

  it('approves it from the side bar, with a comment', async () => {
    await workbench.clearNotifications();
    await workbench.view('Approvals').inlineAction('delay-ord', /Approve/);
    const question = await workbench.dialog.text();
    assert.match(question, /Approve version 1 of flights-delay-ord\?/);
    assert.match(question, /account 111111111111/);
    await picture(session, 'approve');
    await workbench.dialog.press('Approve');
    await workbench.quickInput.enter('Fits the spring schedule');
    await workbench.notifications.waitFor('Version 1 of flights-delay-ord is approved');
    await workbench.view('Approvals').row('delay-ord').waitFor({ state: 'hidden' });
  });

  it('releases it to QA after seeing the plan', async function () {
    this.timeout(4 * minutes);
    await workbench.clearNotifications();
    await release(workbench, 'qa', () => picture(session, 'release'));
    await workbench.notifications.waitFor(/flights in qa serves release/, 3 * minutes);
  });

  it('releases it to production, which asks in a window that names account, endpoint and version', async function () {
    this.timeout(4 * minutes);
    await workbench.clearNotifications();
    await release(workbench, 'production');
    const question = await workbench.dialog.text();
    assert.match(question, /Release flights to production, which is protected\?/);
    assert.match(question, /333333333333/);
    assert.match(question, /delay-ord\.tar\.gz: new: version 1/);
    await picture(session, 'production');
    await workbench.dialog.press('Release');
    await workbench.notifications.waitFor(/flights in production serves release/, 3 * minutes);
  });

  it('retrains on newer data with a warm start, and compares the candidate with the champion', async function () {
    this.timeout(5 * minutes);
    await workbench.clearNotifications();
    await retrain(workbench, 'delay-ord', '2001-06-01', () =>
      workbench.quickInput
        .row('delay-ord')
        .filter({ hasText: /warm start from ws-delay-ord/ })
        .waitFor(),
    );
    await workbench.notifications.waitFor('delay-ord: version 2 waits for approval', 4 * minutes);
    await workbench.clearNotifications();
    await workbench.view('Approvals').inlineAction('delay-ord', /Compare/);
    await workbench.tab('Compare flights-delay-ord 2').waitFor();
    await panel.waitFor(/version 1 in production \(95 %, [\d,]+ rows that both were measured on\)/);
    await picture(session, 'compare');
    await panel.scrollTo('Charts');
    await picture(session, 'charts');
  });

  it('reaches everything by keyboard alone: sorts by what became better, and is asked before approving', async () => {
    const { keyboard } = workbench.page;
    await workbench.run('View: Focus Active Editor Group');
    await panel.tabTo('Approve… (Version 2)');
    await keyboard.press('Enter');
    assert.match(await workbench.dialog.text(), /Approve version 2 of flights-delay-ord\?/);
    await keyboard.press('Escape');
    await workbench.run('View: Focus Active Editor Group');
    await panel.tabTo('Sort by Difference of Version 2');
    await keyboard.press('Enter');
    const page = await panel.shown();
    const sorted = page.getByRole('columnheader', { name: /Difference of Version 2/ });
    assert.equal(await sorted.getAttribute('aria-sort'), 'descending');
    await keyboard.press('Enter');
    await keyboard.press('Enter');
    assert.equal(await sorted.getAttribute('aria-sort'), 'none');
  });

  it('sees in the lineage from which job it started', async () => {
    const others = ['Models', 'Endpoints'].map((title) => workbench.view(title));
    for (const view of others) await view.collapse();
    const lineage = workbench.view('Tuning Lineage');
    await lineage.expand();
    await lineage.expandRow('delay-ord');
    await lineage.expandRow(/^ws-delay-ord/);
    const [, model, parent, ...below] = await lineage.texts();
    assert.match(String(model), /^delay-ord/);
    assert.match(String(parent), /^ws-delay-ord/);
    assert.ok(
      below.some((text) => text.startsWith('ws-delay-ord')),
      'The second job stands below the first.',
    );
    await picture(session, 'lineage');
    await lineage.collapse();
    for (const view of others) await view.expand();
  });

  it('is not let decide on what a colleague decided meanwhile, and is shown it', async () => {
    await others.colleague('reject', 'flights-delay-ord/2', '--comment', 'Wait for the schedule of June');
    await panel.press(/^Approve… \(Version 2\)/);
    await workbench.notifications.waitFor('changed after it was shown to you, so nothing was written');
    const card = await panel.card(2);
    await card.getByText('Rejected', { exact: true }).waitFor();
    await card.getByText('Wait for the schedule of June').waitFor();
    await workbench.clearNotifications();
  });

  it('approves the new version in the comparison, and releases it to QA', async function () {
    this.timeout(4 * minutes);
    // VS Code shows no more than three messages in 0.8 s; a person makes fewer.
    await workbench.page.waitForTimeout(1000);
    await panel.press(/^Approve… \(Version 2\)/);
    assert.match(await workbench.dialog.text(), /Approve version 2 of flights-delay-ord\?/);
    await workbench.dialog.press(/^Approve/);
    await workbench.quickInput.enter('Newer data');
    await workbench.notifications.waitFor('Version 2 of flights-delay-ord is approved');
    await (await panel.card(2)).getByText('Approved', { exact: true }).waitFor();
    await workbench.clearNotifications();
    await release(workbench, 'qa', undefined, () => panel.press('Release… (Version 2)'));
    await workbench.notifications.waitFor(/flights in qa serves release/, 3 * minutes);
  });

  it('measures two versions on the same rows that never were', async () => {
    await workbench.view('Models').expandRow('delay-ord');
    await workbench.view('Models').contextAction(/^v1/, 'Compare Evaluations');
    await workbench.tab('Compare flights-delay-ord 1').waitFor();
    await panel.choose('Baseline', 'qa');
    await panel.waitFor(/than version 2 in qa, but measured on other rows/);
    await panel.press(/^Measure on the Same Rows/);
    await panel.waitFor(/than version 2 in qa \(95 %, [\d,]+ rows that both were measured on\)/);
    await workbench.run('View: Close Editor');
    await workbench
      .view('Models')
      .row(/^delay-ord/)
      .locator('.monaco-tl-twistie')
      .click();
  });

  it('switches the environment from the status bar; every view follows', async () => {
    await workbench.clearNotifications();
    await workbench.statusItem('training · 111111111111').click();
    await workbench.quickInput.waitFor('Switch Environment');
    await picture(session, 'switch');
    await workbench.quickInput.pick('qa');
    await workbench.statusItem('qa · 222222222222 · sandbox-qa').waitFor();
    const endpoints = workbench.view('Endpoints');
    await endpoints.waitForRow(/qa.*current/);
    await endpoints.expandRow(/^qa/);
    await endpoints.waitForRow(/delay-ord\.tar\.gz.*v2/);
  });

  it('invokes a target model and reads the answer and its latency', async () => {
    await workbench.view('Endpoints').inlineAction(/delay-ord\.tar\.gz/, /Invoke/);
    await workbench.tab(/delay-ord\.tar\.gz.*qa/).waitFor();
    await workbench.run('Send Request');
    await workbench.page
      .locator('.editor-instance .view-line')
      .filter({ hasText: /\d\sms/ })
      .first()
      .waitFor();
    await picture(session, 'invoke');
  });

  it('rolls QA back to the release before, and sees version 1 serve again', async function () {
    this.timeout(4 * minutes);
    await workbench.run('Roll Back…');
    await workbench.quickInput.pick('qa');
    await workbench.quickInput.waitFor('Roll back flights in qa');
    await workbench.quickInput.rows.first().click();
    const question = await workbench.dialog.text();
    assert.match(question, /Account: 222222222222/);
    assert.match(question, /delay-ord\.tar\.gz: version 2 → 1/);
    await picture(session, 'rollback');
    await workbench.dialog.press('Roll Back');
    await workbench.notifications.waitFor(/flights in qa serves release .* again/, 3 * minutes);
    await workbench.view('Endpoints').waitForRow(/delay-ord\.tar\.gz.*v1/);
    await workbench.clearNotifications();
    await picture(session, 'endpoints');
  });

  it('finds everything again after a reload, in a light theme too; what was gone with the window leaves no error', async () => {
    await session.setTheme('Default Light Modern');
    await session.openFolder(join(session.sandboxHome, 'project'));
    await workbench.statusItem('qa · 222222222222 · sandbox-qa').waitFor({ timeout: minutes });
    await session.page.locator('.monaco-workbench.vs').waitFor();
    await workbench.openContainer('Warmstart');
    await workbench.view('Activity').waitForRow(/Retrain delay-ord/);
    await workbench.view('Endpoints').waitForRow(/delay-ord\.tar\.gz.*v1/);
    await workbench.tab(/qa\.request/).waitFor({ state: 'hidden' });
    await workbench.tab('Compare flights-delay-ord 2').click();
    await panel.waitFor('Newer data');
    await picture(session, 'light');
  });

  for (const theme of themes) {
    it(`breaks no rule of accessibility in ${theme}, with every part of the comparison open`, async () => {
      await session.setTheme(theme);
      await session.openFolder(join(session.sandboxHome, 'project'));
      await workbench.tab('Compare flights-delay-ord 2').click();
      await panel.openAll();
      assert.deepEqual(await panel.violations(), []);
    });
  }

  it('reads what others wrote into an evaluation as text, whatever it says', async () => {
    await others.tamperWith('delay-ord');
    await panel.press(/^Reload/);
    const card = await panel.card(2);
    await card.getByText(hostileText.slice(0, 80)).first().waitFor();
    for (const element of ['img', 'script', 'b']) assert.equal(await card.locator(element).count(), 0);
    const page = await panel.shown();
    assert.doesNotMatch(await page.title(), /^[12]$/);
  });
});

/** Starts a run from the palette; `reviewed` is called when what will happen is shown. */
async function retrain(
  workbench: Workbench,
  model: string,
  until: string,
  reviewed: () => Promise<unknown>,
): Promise<void> {
  const { quickInput } = workbench;
  await workbench.run('Retrain Model…');
  await quickInput.tick(model);
  await quickInput.accept();
  await quickInput.pick('Until: as the project says');
  await quickInput.waitFor('Data until');
  await quickInput.enter(until);
  await quickInput.row(`Until: ${until}`).waitFor();
  await reviewed();
  await quickInput.pick('Start');
}

/** Plans a release, from the palette unless said otherwise, and starts it; `planned` is called when the plan is shown. */
async function release(
  workbench: Workbench,
  environment: string,
  planned?: () => Promise<unknown>,
  ask: () => Promise<void> = () => workbench.run('Release…'),
): Promise<void> {
  const { quickInput } = workbench;
  await ask();
  await quickInput.pick(environment);
  await quickInput
    .row('Release')
    .filter({ hasText: /target model/ })
    .first()
    .waitFor();
  await planned?.();
  await quickInput.pick('Release');
}
