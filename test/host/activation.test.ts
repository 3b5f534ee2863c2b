import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { services } from './support';

describe('the extension', () => {
  it('activates', async () => {
    await services();
    assert.ok(vscode.extensions.getExtension('warmstart.warmstart')?.isActive);
  });
});
