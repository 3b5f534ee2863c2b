import type { Node } from 'jsonc-parser';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import * as vscode from 'vscode';
import { commandIds } from './command-ids';

/** What can be done with one key of the project file. */
interface Place {
  kind: 'model' | 'environment';
  name: string;
  /** Of the key in the text. */
  offset: number;
}

/** The models and environments of a text, also of one that is not quite JSON yet. Pure. */
export function places(text: string): Place[] {
  const root = parseTree(text, [], { allowTrailingComma: true, disallowComments: false });
  if (!root) return [];
  return [...keysOf(root, 'environments', 'environment'), ...keysOf(root, 'models', 'model')];
}

function keysOf(root: Node, section: string, kind: Place['kind']): Place[] {
  const children = findNodeAtLocation(root, [section])?.children ?? [];
  return children.flatMap(({ children: [key] = [] }) =>
    typeof key?.value === 'string' ? [{ kind, name: key.value, offset: key.offset }] : [],
  );
}

/** Retrain · Compare · Lineage above each model, Switch · Check above each environment of `warmstart.json`. */
export function registerCodeLens(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.languages.registerCodeLensProvider(
      { scheme: 'file', pattern: '**/warmstart.json' },
      {
        provideCodeLenses: (document) =>
          places(document.getText()).flatMap((place) => lenses(document, place)),
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
