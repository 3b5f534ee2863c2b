import assert from 'node:assert/strict';
import axe, { type AxeResults } from 'axe-core';
import type { Frame, Locator, Page } from 'playwright-core';

const patience = 20_000;

/** The comparison in its webview, which is a frame within a frame. */
export class ComparisonPanel {
  constructor(private readonly page: Page) {}

  /** The page itself, once it shows a comparison. */
  async shown(timeout = patience): Promise<Frame> {
    const deadline = Date.now() + timeout;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        // A frame may go while it is looked at.
        const region = frame.getByRole('region', { name: 'Decision' }).first();
        if (await region.isVisible().catch(() => false)) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    return assert.fail('No webview shows a comparison.');
  }

  /** What is said of one candidate. */
  async card(version: number): Promise<Locator> {
    return (await this.shown()).getByRole('article', { name: `version ${version}`, exact: false });
  }

  async waitFor(text: string | RegExp, timeout = patience): Promise<void> {
    await (await this.shown()).getByText(text).first().waitFor({ timeout });
  }

  async press(button: string | RegExp): Promise<void> {
    await (await this.shown()).getByRole('button', { name: button }).first().click({ timeout: patience });
  }

  /** Presses Tab until the control of this name has the focus. */
  async tabTo(name: string): Promise<void> {
    const frame = await this.shown();
    const focused =
      "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent";
    const passed: string[] = [];
    while (passed.length < 60) {
      const label = await frame.evaluate<string | undefined>(focused);
      if (label === name) return;
      passed.push(label ?? '');
      await this.page.keyboard.press('Tab');
    }
    assert.fail(`Tab does not reach "${name}", but ${passed.join(' · ')}`);
  }

  /** Brings a part to the top of the page. */
  async scrollTo(heading: string): Promise<void> {
    const part = (await this.shown()).getByRole('heading', { name: heading, exact: true });
    await part.evaluate((element: { scrollIntoView(): void }) => element.scrollIntoView());
  }

  async choose(select: string, choice: string): Promise<void> {
    await (await this.shown()).getByLabel(select, { exact: true }).selectOption(choice);
  }

  /** Opens every part, so that nothing is left out of what is looked at. */
  async openAll(): Promise<void> {
    const frame = await this.shown();
    for (let round = 0; round < 20; round++) {
      const closed = frame.locator('h2 button[aria-expanded=false], h3 button[aria-expanded=false]').first();
      if (!(await closed.isVisible())) break;
      await closed.click();
    }
    await frame.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
  }

  /** Which rules of accessibility are broken, and by what. */
  async violations(): Promise<string[]> {
    const frame = await this.shown();
    await frame.evaluate(axe.source);
    const { violations } = await frame.evaluate<AxeResults>(
      "axe.run(document, { resultTypes: ['violations'] })",
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    );
  }
}
