/** What translates: `vscode.l10n`, or in tests {@link plainL10n}. Handed in, so that renderers need no VS Code. */
export interface L10n {
  t(message: string, ...args: (string | number | boolean)[]): string;
}

/** English, with `{0}` filled in. */
export const plainL10n: L10n = {
  t: (message, ...args) => message.replace(/\{(\d+)\}/g, (hole, i) => String(args[Number(i)] ?? hole)),
};
