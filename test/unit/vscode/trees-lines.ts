import assert from 'node:assert/strict';
import { plainL10n as l10n } from '../../../src/vscode/trees/l10n';
import type { TreeNode } from '../../../src/vscode/trees/node';
import type { RenderedItem } from '../../../src/vscode/trees/render/item';
import { render } from '../../../src/vscode/trees/render/render';
import { key, now } from './trees-fixtures';

export const rendered = (node: TreeNode): RenderedItem => render(node, { l10n, now });

/** A line as the eye sees it: `(icon) label — description`. */
export function line(node: TreeNode): string {
  const { icon, label, description } = rendered(node);
  return `(${icon.id}) ${label}${description ? ` — ${description}` : ''}`;
}

/** What a node looks like, and what can be done with it. */
export type Row = [what: string, node: TreeNode, line: string, can: string];

export function looksLike(rows: Row[]): void {
  for (const [what, node, expected, can] of rows) {
    it(what, () => {
      assert.equal(line(node), expected);
      assert.equal(rendered(node).contextValue, can);
    });
  }
}

export const base = { id: `${key}/x` };
export const step = { status: 'done', startedAt: now.toISOString() } as const;
