import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { readReportAssets } from '../../../src/comparison/assets';
import type { Comparison } from '../../../src/comparison/comparison';
import type { PanelState } from '../../../src/comparison/panel';
import { comparisonHtml } from '../../../src/comparison/report';
import { better, built, comparison } from './examples';
import { attacks, hostile } from './hostile';

interface Node {
  nodeName: string;
  value?: string;
  attrs?: { name: string; value: string }[];
  childNodes?: Node[];
}
/** Reads HTML as browsers do that run no scripts, so that `noscript` counts. */
const { parse } = require('parse5') as { parse(html: string, options: object): Node };

function elements(node: Node): Node[] {
  return [...(node.attrs ? [node] : []), ...(node.childNodes ?? []).flatMap((child) => elements(child))];
}

function textOf(node: Node): string {
  return node.value ?? (node.childNodes ?? []).map(textOf).join('');
}

const attribute = (node: Node, name: string) => node.attrs?.find((each) => each.name === name)?.value;
const pageOf = (html: string) => elements(parse(html, { scriptingEnabled: false }));
const only = (page: Node[], name: string, id?: string) => {
  const found = page.filter((node) => node.nodeName === name && attribute(node, 'id') === id);
  assert.equal(found.length, 1, `${found.length} ${name}`);
  return found[0] ?? assert.fail();
};
const hashOf = (text: string) => `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
const assets = { script: 'document.title;', style: 'body { margin: 0 }' };

function stateOf(html: string): Extract<PanelState, { kind: 'shown' }> {
  const state = JSON.parse(textOf(only(pageOf(html), 'script', 'state'))) as PanelState;
  assert.equal(state.kind, 'shown');
  return state as Extract<PanelState, { kind: 'shown' }>;
}

/** Foreign text everywhere that it can come from. */
function hostileComparison(text: string): Comparison {
  const made = better({ warnings: [text] });
  Object.assign(made.version, { description: text, comment: text, approvedBy: text, image: text });
  if (made.training) made.training.HyperParameters = { [text]: text };
  if (made.dataset) made.dataset.query = { file: text, text, sha256: text, parameters: { [text]: text } };
  const model = { ...built({ candidates: [made], notes: [text] }), model: text, unit: text };
  return { ...comparison(), models: [model] };
}

describe('a report file', () => {
  it('lets nothing run but the script and the style in it, by their hashes, and no network', () => {
    const page = pageOf(comparisonHtml(comparison(), assets));
    const policy = page.find((node) => attribute(node, 'http-equiv') === 'Content-Security-Policy');
    const script = textOf(only(page, 'script'));
    const style = textOf(only(page, 'style'));
    assert.deepEqual([script, style], [assets.script, assets.style]);
    assert.deepEqual(attribute(policy ?? assert.fail(), 'content')?.split('; '), [
      `default-src 'none'`,
      `script-src '${hashOf(script)}'`,
      `style-src '${hashOf(style)}'`,
      'img-src data:',
      `base-uri 'none'`,
      `form-action 'none'`,
    ]);
    for (const node of page)
      for (const name of ['src', 'href', 'style', 'onerror']) assert.equal(attribute(node, name), undefined);
  });

  it('holds the state of the panel, for reading only, a place for it, and the tables for who runs no scripts', () => {
    const made = comparison();
    const html = comparisonHtml(made, assets);
    const { comparison: shown, request, actions, busy, notice } = stateOf(html);
    assert.deepEqual(shown, made);
    assert.deepEqual([actions, busy, notice], [false, null, null]);
    assert.deepEqual(request, { arns: [made.models[0]?.columns[1]?.arn], baseline: null });
    const page = pageOf(html);
    assert.equal(attribute(only(page, 'html'), 'lang'), 'en');
    assert.equal(textOf(only(page, 'title')), 'Comparison of delay-ord: version 3');
    only(page, 'div', 'app');
    const plain = textOf(only(page, 'noscript'));
    assert.match(plain, /better by 0\.8–1\.4 min than version 2 in production/);
    assert.ok(page.filter(({ nodeName }) => nodeName === 'table').length >= 1);
    assert.ok(html.startsWith('<!doctype html>\n') && html.indexOf('charset') < 200);
  });

  it('keeps text of others text, wherever it comes from', () => {
    const plainNames = pageOf(comparisonHtml(hostileComparison('text'), assets))
      .map(({ nodeName }) => nodeName)
      .join();
    const check = (text: string) => {
      const made = hostileComparison(text);
      const html = comparisonHtml(made, assets);
      const page = pageOf(html);
      assert.deepEqual(stateOf(html).comparison, made);
      assert.equal(textOf(only(page, 'script')), assets.script);
      // Lines and rows come and go with the text, elements of other kinds never do.
      const names = new Set(page.map(({ nodeName }) => nodeName));
      for (const name of names) assert.ok(plainNames.split(',').includes(name), name);
      for (const node of page)
        for (const { name } of node.attrs ?? [])
          assert.ok(/^(lang|charset|http-equiv|content|name|id|type|dir)$/.test(name), name);
      assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(textOf(only(page, 'noscript'))));
    };
    for (const attack of attacks) check(attack);
    fc.assert(fc.property(hostile, check), { numRuns: 100 });
  });

  it('takes assets whose text would end their element, without changing what they mean', () => {
    const script = `globalThis.found = ['</script>', "<!--", /<\\/script>/.source, \`</SCRIPT >\`];\r\n`;
    const style = `a::after { content: '</style>' }\r`;
    const page = pageOf(comparisonHtml(comparison(), { script, style }));
    const inline = textOf(only(page, 'script'));
    const context: { found?: string[] } = {};
    runInNewContext(inline, { globalThis: context });
    assert.deepEqual([...(context.found ?? [])], ['</script>', '<!--', '<\\/script>', '</SCRIPT >']);
    assert.equal(textOf(only(page, 'style')), `a::after { content: '<\\/style>' }\n`);
    const policy = page.find((node) => attribute(node, 'http-equiv'));
    assert.ok(attribute(policy ?? assert.fail(), 'content')?.includes(hashOf(inline)));
  });
});

describe('the assets of a report file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-assets-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are read from beside the program, and missed with a word on what to do', async () => {
    const directory = join(folder, 'webview');
    await assert.rejects(readReportAssets(directory), {
      code: 'comparison.assets',
      remedy: 'Install Warmstart again, or run its build.',
    });
    mkdirSync(directory);
    writeFileSync(join(directory, 'comparison.js'), 'a');
    writeFileSync(join(directory, 'comparison.css'), 'b');
    assert.deepEqual(await readReportAssets(directory), { script: 'a', style: 'b' });
  });
});
