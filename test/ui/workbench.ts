import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** How long a person would wait before thinking that nothing happens. */
const patience = 20_000;

/** Of a row's lines the first; the second is its detail. */
const rowLabel = '.quick-input-list-row:first-child .label-name';

/** VS Code's workbench as a person sees and uses it: by labels and keys, never by the extension's own ids. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly dialog: Dialog;

  constructor(readonly page: Page) {
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
    this.dialog = new Dialog(page);
  }

  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    await this.page.locator('.activitybar .action-item').first().waitFor({ timeout: patience });
  }

  /** Takes away all messages, so that the next step sees only its own. */
  async clearNotifications(): Promise<void> {
    await this.run('Notifications: Clear All Notifications');
  }

  /** Opens the palette and runs the command of exactly this label. */
  async run(command: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput.type(`>${command}`);
    await this.quickInput.pick(command);
  }

  /**
   * The labels that the palette offers for this text, which must be the beginning of at least one. Asks again until then:
   * an open palette does not show what an extension adds later.
   */
  async commandsFor(text: string): Promise<string[]> {
    const deadline = Date.now() + patience;
    let labels: string[];
    do {
      await this.page.keyboard.press('F1');
      await this.quickInput.type(`>${text}`);
      labels = await this.quickInput.labels();
      await this.page.keyboard.press('Escape');
      await this.quickInput.gone();
    } while (!labels.some((label) => label.startsWith(text)) && Date.now() < deadline);
    return labels;
  }

  activityBarItem(label: string): Locator {
    return this.page.locator('.activitybar').getByRole('tab', { name: label });
  }

  async openContainer(label: string): Promise<void> {
    const item = this.activityBarItem(label);
    if ((await item.getAttribute('aria-expanded')) !== 'true') await item.click({ timeout: patience });
  }

  /** Drags the edge of the side bar, so that descriptions are not cut. */
  async widenSideBar(width: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    assert.ok(box, 'The side bar is closed.');
    await this.page.mouse.move(box.x + box.width + 1, 300);
    // The edge takes the pointer a moment after it has come.
    await this.page.waitForTimeout(400);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, 300, { steps: 5 });
    await this.page.mouse.up();
  }

  view(title: string): View {
    return new View(this.page, title);
  }

  /** The status-bar entry whose text contains this. */
  statusItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /** The editor tab of this name. */
  tab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container').getByRole('tab', { name });
  }

  /** Waits until a webview (a Markdown preview, a panel) shows this text. */
  async waitForContent(text: string): Promise<void> {
    const deadline = Date.now() + patience;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        if (await frame.getByText(text).first().isVisible()) return;
      }
      await this.page.waitForTimeout(100);
    }
    assert.fail(`No webview shows "${text}".`);
  }

  /** What the active text editor shows, with plain spaces for those that it lays out. */
  async editorText(): Promise<string> {
    const lines = this.page.locator('.editor-instance .view-line');
    await lines.first().waitFor({ timeout: patience });
    return (await lines.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  }
}

/** Quick picks, input boxes and the palette: one widget. */
export class QuickInput {
  private readonly widget: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget:visible');
  }

  get rows(): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row');
  }

  get title(): Locator {
    return this.widget.locator('.quick-input-title');
  }

  /** The prompt or validation under the input. */
  get message(): Locator {
    return this.widget.locator('.quick-input-message');
  }

  async waitFor(title?: string | RegExp): Promise<void> {
    await this.widget.waitFor({ timeout: patience });
    if (title !== undefined) await this.widget.filter({ hasText: title }).waitFor({ timeout: patience });
  }

  async type(text: string): Promise<void> {
    await this.waitFor();
    await this.widget.locator('.quick-input-box input').fill(text);
  }

  async enter(text: string): Promise<void> {
    await this.type(text);
    await this.page.keyboard.press('Enter');
  }

  async labels(): Promise<string[]> {
    await this.rows.first().waitFor({ timeout: patience });
    return this.widget.locator(`.monaco-list-row ${rowLabel}`).allInnerTexts();
  }

  row(label: string | RegExp): Locator {
    return this.rows.filter({ has: this.page.locator(rowLabel, { hasText: label }) });
  }

  /** Clicks the row with this label; of several, the one that is exactly it. */
  async pick(label: string): Promise<void> {
    const exactly = new RegExp(`^\\s*(Warmstart: )?${label.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
    await this.row(exactly).first().click({ timeout: patience });
  }

  /** Ticks the row in a pick of many; its label does it as well as its box. */
  async tick(label: string | RegExp): Promise<void> {
    const row = this.row(label).first();
    await row.locator(rowLabel).click({ timeout: patience });
    await this.widget
      .locator('.quick-input-count')
      .filter({ hasText: /[1-9]/ })
      .waitFor({ timeout: patience });
  }

  async accept(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }

  async gone(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden', timeout: patience });
  }
}

/** One view of the side bar, by the title of its pane. */
export class View {
  readonly pane: Locator;

  constructor(
    private readonly page: Page,
    readonly title: string,
  ) {
    const heading = page.locator('.pane-header h3', { hasText: new RegExp(`^${title}$`) });
    this.pane = page.locator('.pane').filter({ has: heading });
  }

  get header(): Locator {
    return this.pane.locator('.pane-header');
  }

  get rows(): Locator {
    return this.pane.locator('.monaco-list-row');
  }

  async expand(): Promise<void> {
    await this.header.waitFor({ timeout: patience });
    if ((await this.header.getAttribute('aria-expanded')) === 'false') await this.header.click();
  }

  async collapse(): Promise<void> {
    if ((await this.header.getAttribute('aria-expanded')) === 'true') await this.header.click();
  }

  /** The text that a view without rows shows. */
  get welcome(): Locator {
    return this.pane.locator('.welcome-view-content');
  }

  /** The first row whose label, description or accessible name has this text. */
  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  async waitForRow(text: string | RegExp, timeout = patience): Promise<Locator> {
    const row = this.row(text);
    await row.waitFor({ timeout });
    return row;
  }

  /** Opens or closes a row's children; by key, because a click may also run the row's command. */
  async expandRow(text: string | RegExp): Promise<void> {
    const row = await this.waitForRow(text);
    if ((await row.getAttribute('aria-expanded')) === 'true') return;
    await row.locator('.monaco-tl-twistie').click();
    assert.equal(await row.getAttribute('aria-expanded'), 'true');
  }

  /** Presses an inline action, which shows when the pointer is over the row. */
  async inlineAction(text: string | RegExp, action: string | RegExp): Promise<void> {
    const row = await this.waitForRow(text);
    await row.hover();
    await row.getByRole('button', { name: action }).first().click({ timeout: patience });
  }

  /** Chooses from the row's context menu. */
  async contextAction(text: string | RegExp, action: string | RegExp): Promise<void> {
    const row = await this.waitForRow(text);
    await row.click({ button: 'right' });
    const menu = this.page.locator('.monaco-menu');
    const item = menu.getByRole('menuitem', { name: action }).first();
    await item.hover();
    // A menu takes no choice in its first moment, lest the click that opened it make one.
    await this.page.waitForTimeout(300);
    await item.click({ timeout: patience });
    await menu.waitFor({ state: 'hidden', timeout: patience });
  }

  /** What the rows say, in the order they stand. */
  async texts(): Promise<string[]> {
    const rows = await this.rows.all();
    const placed = await Promise.all(
      rows.map(async (row) => ({
        top: (await row.boundingBox())?.y ?? 0,
        text: ((await row.textContent()) ?? '').trim(),
      })),
    );
    return placed.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll(/\s+/g, ' '));
  }
}

export class Notifications {
  constructor(private readonly page: Page) {}

  toast(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
  }

  async waitFor(text: string | RegExp, timeout = patience): Promise<Locator> {
    const toast = this.toast(text).first();
    await toast.waitFor({ timeout });
    return toast;
  }

  async press(text: string | RegExp, button: string | RegExp): Promise<void> {
    const toast = await this.waitFor(text);
    await toast.getByRole('button', { name: button }).click();
  }

  /** Every message that is on the screen. */
  texts(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }
}

/** A modal question. */
export class Dialog {
  private readonly box: Locator;

  constructor(page: Page) {
    this.box = page.locator('.monaco-dialog-box');
  }

  async text(timeout = patience): Promise<string> {
    await this.box.waitFor({ timeout });
    return (await this.box.allInnerTexts()).join('');
  }

  async press(button: string | RegExp): Promise<void> {
    await this.box.getByRole('button', { name: button }).click({ timeout: patience });
    await this.box.waitFor({ state: 'hidden', timeout: patience });
  }
}
