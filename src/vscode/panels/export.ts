import * as vscode from 'vscode';
import type { Comparison } from '../../comparison/comparison';
import type { ExportFormat, FromPanel } from '../../comparison/panel';
import { chosen } from '../commands/pick';
import type { Engine } from '../engine';
import type { Services } from '../services';
import type { Shown } from './messages';
import { fileNameOf } from './titles';

const words: Record<ExportFormat, string> = { markdown: 'Markdown', csv: 'CSV', html: 'HTML' };

/** Puts a comparison on the clipboard or into a file of the person's choice. @throws a cancellation */
export async function exportComparison(
  { engine }: Services,
  { request, comparison }: Shown,
  { format, to }: Extract<FromPanel, { type: 'export' }>,
): Promise<string> {
  const text = await textOf(engine(), comparison, format);
  if (to === 'clipboard') {
    await vscode.env.clipboard.writeText(text);
    return vscode.l10n.t('Copied as {0}.', words[format]);
  }
  const name = fileNameOf(request, format);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = chosen(
    await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Export the comparison'),
      filters: { [words[format]]: [name.split('.').at(-1) ?? ''] },
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    }),
  );
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const told = vscode.l10n.t('The comparison is in {0}.', uri.path.split('/').at(-1) ?? '');
  void offerToOpen(told, uri, format);
  return told;
}

async function textOf(engine: Engine, comparison: Comparison, format: ExportFormat): Promise<string> {
  if (format === 'markdown') return engine.comparisonMarkdown(comparison);
  if (format === 'csv') return engine.comparisonCsv(comparison);
  return engine.comparisonHtml(comparison, await engine.readReportAssets());
}

async function offerToOpen(told: string, uri: vscode.Uri, format: ExportFormat): Promise<void> {
  const open = vscode.l10n.t('Open');
  if ((await vscode.window.showInformationMessage(told, open)) !== open) return;
  // A report is for the browser; the editor would show its source.
  if (format === 'html' && vscode.env.remoteName === undefined) await vscode.env.openExternal(uri);
  else await vscode.commands.executeCommand('vscode.open', uri);
}
