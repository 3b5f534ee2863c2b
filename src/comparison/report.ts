import { createHash } from 'node:crypto';
import type { ReportAssets } from './assets';
import type { Comparison } from './comparison';
import { comparisonText, escapeHtml } from './html-text';
import { versionName } from './outline';
import type { PanelState } from './panel';
import { visibleLine } from './visible';

/**
 * A comparison as one HTML file that needs nothing beside it and no network: the panel itself, for reading only. Its policy
 * lets nothing run but the very script and style that are in it; without scripts it shows plain tables.
 */
export function comparisonHtml(comparison: Comparison, assets: ReportAssets): string {
  const script = inlineScript(assets.script);
  const style = inlineStyle(assets.style);
  const policy = [
    `default-src 'none'`,
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(visibleLine(titleOf(comparison)))}</title>
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<noscript>
${comparisonText(comparison)}
</noscript>
<script type="application/json" id="state">${stateText(comparison)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function titleOf({ models }: Comparison): string {
  const [first] = models;
  if (!first || models.length > 1) return `Comparison of ${models.length} models`;
  const candidates = first.columns.filter(({ role }) => role === 'candidate');
  return `Comparison of ${first.model}: ${candidates.map(({ arn }) => versionName(first, arn)).join(', ')}`;
}

/** The state that the panel starts with. As JSON in a script element no text can end the element. */
function stateText(comparison: Comparison): string {
  const state: PanelState = {
    kind: 'shown',
    request: {
      arns: comparison.models.flatMap(({ columns }) =>
        columns.filter(({ role }) => role === 'candidate').map(({ arn }) => arn),
      ),
      baseline: comparison.baseline,
    },
    comparison,
    busy: null,
    notice: null,
    actions: false,
  };
  return JSON.stringify(state)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/**
 * A program as it can stand in a script element. What would end the element, or begin a comment in which the end is
 * overlooked, can only be in strings and patterns, where these escapes mean the same.
 */
function inlineScript(text: string): string {
  return unixLines(text)
    .replace(/<\/(script)/gi, '<\\/$1')
    .replaceAll('<!--', '\\x3c!--');
}

function inlineStyle(text: string): string {
  return unixLines(text).replace(/<\/(style)/gi, '<\\/$1');
}

/** A browser hashes what it read, with its own ends of lines. */
function unixLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
