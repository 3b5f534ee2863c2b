import assert from 'node:assert/strict';
import { type Page, panelHtml } from '../../../src/vscode/panels/html';

const page: Page = {
  title: 'Compare flights-delay-ord 3',
  language: 'de',
  nonce: '0badc0de',
  source: 'https://*.vscode-cdn.net',
  script: 'https://file.vscode-cdn.net/dist/webview/comparison.js',
  style: 'https://file.vscode-cdn.net/dist/webview/comparison.css',
};

/** The policy by directive, as a browser reads it. */
function policyOf(html: string): Record<string, string[]> {
  const [, content = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  const text = content.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  return Object.fromEntries(
    text.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );
}

describe('the page of a panel', () => {
  it('loads its own script and style, and nothing else from anywhere', () => {
    assert.deepEqual(policyOf(panelHtml(page)), {
      'default-src': [`'none'`],
      'script-src': [`'nonce-0badc0de'`],
      'style-src': [`'nonce-0badc0de'`, 'https://*.vscode-cdn.net'],
    });
  });

  it('runs no script without the nonce, and none in itself', () => {
    const scripts = [...panelHtml(page).matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
    assert.deepEqual(
      scripts.map(([, attributes, text]) => [attributes, text]),
      [[` nonce="0badc0de" src="${page.script}"`, '']],
    );
  });

  it('says its language and its title', () => {
    const html = panelHtml(page);
    assert.match(html, /<html lang="de">/);
    assert.match(html, /<title>Compare flights-delay-ord 3<\/title>/);
  });

  it('lets a title be nothing but text', () => {
    const html = panelHtml({ ...page, title: '</title><script>alert(1)</script>"\'&' });
    assert.equal([...html.matchAll(/<script/g)].length, 1);
    assert.match(
      html,
      /<title>&#60;\/title&#62;&#60;script&#62;alert\(1\)&#60;\/script&#62;&#34;&#39;&#38;</,
    );
  });
});
