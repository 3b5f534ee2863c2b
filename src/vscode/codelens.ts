import * as vscode from 'vscode';
import type { Place } from '../project/places';
import { commandIds } from './command-ids';
import type { Services } from './services';

/** Retrain · Compare · Lineage above each model, Switch · Check above each environment of `warmstart.json`. */
export function registerCodeLens(
  context: vscode.ExtensionContext,
  { engine }: Pick<Services, 'engine'>,
): void {
  context.subscriptions.push(
    vscode.languages.registerCodeLensProvider(
      { scheme: 'file', pattern: '**/warmstart.json' },
      {
        provideCodeLenses: (document) =>
          engine()
            .placesOf(document.getText())
            .flatMap((place) => lenses(document, place)),
      },
    ),
  );
}

function lenses(document: vscode.TextDocument, { kind, name, offset }: Place): vscode.CodeLens[] {
  const at = document.positionAt(offset);
  const range = new vscode.Range(at, at);
  const lens = (title: string, command: string) =>
    new vscode.CodeLens(range, { title, command, arguments: [kind === 'model' ? { model: name } : name] });
  if (kind === 'environment')
    return [
      lens(vscode.l10n.t('Switch'), commandIds.switchEnvironment),
      lens(vscode.l10n.t('Check'), commandIds.checkEnvironment),
    ];
  return [
    lens(vscode.l10n.t('Retrain'), commandIds.retrain),
    lens(vscode.l10n.t('Compare'), commandIds.compare),
    lens(vscode.l10n.t('Lineage'), commandIds.showLineage),
  ];
}
