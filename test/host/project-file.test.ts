import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { answering, connect, sandbox, services, stateIs, until, withFile } from './support';

const uri = vscode.Uri.file(sandbox.projectFile);
const problems = () =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ source, severity }) => source === 'warmstart' && severity === vscode.DiagnosticSeverity.Error);

describe('the project file', () => {
  before(() => connect('training'));

  it('has no problems when it is right', () => {
    assert.deepEqual(problems(), []);
  });

  it('shows its problems at their line and column, and reads again when it is corrected', async () => {
    await withFile(
      sandbox.projectFile,
      (text) => text.replace('"accountId": "222222222222"', '"accountId": "22"'),
      async () => {
        await stateIs('badProject');
        const [problem] = await until('a problem', () => problems().length > 0 && problems());
        const document = await vscode.workspace.openTextDocument(uri);
        assert.ok(problem);
        assert.equal(document.getText(problem.range), '"22"');
        assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
        assert.match(problem.message, /twelve digits/);
        const { statusBar, connection } = await services();
        assert.match(statusBar.text, /warmstart\.json/);
        assert.equal(statusBar.command, 'warmstart.openProjectFile');
        assert.equal(connection.ticket, undefined);
      },
    );
    await stateIs('unchecked', 'ok');
    assert.deepEqual(problems(), []);
  });

  it('is checked while somebody types, before it is saved', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    const at = document.positionAt(document.getText().indexOf('"registry"') + 1);
    await editor.edit((edit) => edit.insert(at, 'x'));
    try {
      const found = await until('problems', () => problems().length > 0 && problems());
      assert.ok(
        found.some(({ range }) => range.start.line === at.line),
        JSON.stringify(found),
      );
      const { connection } = await services();
      assert.ok(connection.ticket, 'what is on disk stays in use');
    } finally {
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
    await until('no problems', () => problems().length === 0);
  });

  it('offers to retrain, compare and look into each model, to switch to and check each environment', async () => {
    await vscode.workspace.openTextDocument(uri);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      uri,
    );
    const titles = lenses.map(({ command }) => command?.title);
    const { connection } = await services();
    const { models, environments } = connection.project ?? assert.fail('no project');
    for (const title of ['Retrain', 'Compare', 'Lineage'])
      assert.equal(titles.filter((one) => one === title).length, models.length, title);
    for (const title of ['Switch', 'Check'])
      assert.equal(titles.filter((one) => one === title).length, environments.length, title);
    const document = await vscode.workspace.openTextDocument(uri);
    const first = lenses.find(({ command }) => command?.title === 'Switch');
    assert.ok(first);
    assert.match(document.lineAt(first.range.start.line).text, /"training"/);
  });

  it('is opened, and of several the one that is picked is used from then on', async () => {
    const other = vscode.Uri.joinPath(uri, '..', 'other', 'warmstart.json');
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(other, '..'));
    await writeFile(other.fsPath, text);
    const { connection } = await services();
    try {
      await answering([/other/], () => vscode.commands.executeCommand('warmstart.openProjectFile'));
      assert.equal(connection.projectFile, other.fsPath);
      assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, other.fsPath);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(other, '..'), { recursive: true });
    }
    await until('the project of before', () => connection.projectFile === uri.fsPath && connection.ticket);
  });
});
