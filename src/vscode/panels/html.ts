/** What the page of a panel is made of. Addresses are those of the webview. */
export interface Page {
  title: string;
  /** BCP 47, of VS Code's own texts. */
  language: string;
  nonce: string;
  /** Where the webview's own files come from. */
  source: string;
  script: string;
  style: string;
}

/**
 * The page in which the panel's program runs: nothing but its own script and style is loaded, nothing is connected to,
 * and no data stand in it. Pure.
 */
export function panelHtml({ title, language, nonce, source, script, style }: Page): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' ${source}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(title)}</title>
<link rel="stylesheet" nonce="${nonce}" href="${attribute(style)}">
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

/** Text as it stands in an attribute or an element. */
function attribute(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
