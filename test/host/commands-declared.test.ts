import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds, viewIds } from '../../src/vscode/command-ids';
import { services } from './support';

interface Contributes {
  commands: { command: string; title: string; category: string }[];
  views: { warmstart: { id: string }[] };
}

/** A view's title menu hands over no argument, so that each view has a pair of its own. */
const ofViews = Object.values(viewIds).flatMap((view) => [`${view}.filter`, `${view}.clearFilter`]);

describe('the commands', () => {
  let contributes: Contributes;

  before(async () => {
    contributes = (await services()).context.extension.packageJSON.contributes;
  });

  it('are declared exactly as command-ids.ts lists them', () => {
    const declared = contributes.commands.map(({ command }) => command);
    assert.deepEqual(declared.sort(), [...Object.values(commandIds), ...ofViews].sort());
  });

  it('are all registered, and nothing else is', async () => {
    const registered = (await vscode.commands.getCommands(true)).filter(
      // VS Code makes commands of its own for each view and for its container.
      (id) =>
        /^warmstart\./.test(id) && !/\.(open|focus|resetViewLocation|removeView|toggleVisibility)$/.test(id),
    );
    const own = [...Object.values(commandIds), ...ofViews];
    assert.deepEqual(
      own.filter((id) => !registered.includes(id)),
      [],
      'declared, but not registered',
    );
    assert.deepEqual(
      registered.filter((id) => !own.some((one) => one === id)),
      [],
      'registered, but not declared',
    );
  });

  it('have a title in words and the category of the product', () => {
    for (const { title, category } of contributes.commands) {
      assert.match(title, /^[A-Z][A-Za-z ]+…?$/);
      assert.equal(category, 'Warmstart');
    }
  });

  it('stand beside five views', () => {
    assert.deepEqual(
      contributes.views.warmstart.map(({ id }) => id),
      Object.values(viewIds),
    );
  });
});
