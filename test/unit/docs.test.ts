import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((f) => f.endsWith('.md'))
    .map((f) => `docs/${f}`),
];

describe('The documentation', () => {
  it('names only files that exist', () => {
    for (const page of pages) {
      const text = readFileSync(join(root, page), 'utf8');
      for (const [, path = ''] of text.matchAll(
        /`((?:src|test|docs|media|schema|scripts|bench)\/[\w./-]*\w\.\w+)`/g,
      )) {
        assert.ok(existsSync(join(root, path)), `${page} names ${path}`);
      }
      for (const [, link = ''] of text.matchAll(/\]\(((?!https?:)[^)#]+)\)/g)) {
        assert.ok(existsSync(join(root, page, '..', link)), `${page} links to ${link}`);
      }
    }
  });

  it('answers each of the 44 faults of the article', () => {
    const rows = readFileSync(join(root, 'docs', 'article.md'), 'utf8').match(/^\| \d+ \|.*$/gm) ?? [];
    assert.deepEqual(
      rows.map((row) => Number(row.split('|')[1])),
      Array.from({ length: 44 }, (_, i) => i + 1),
    );
    for (const row of rows) assert.match(row, /\| `(src|test)\/[^|]+\|$/, row);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const page of pages) {
      for (const [, name = ''] of readFileSync(join(root, page), 'utf8').matchAll(/npm run ([\w:-]+)/g)) {
        assert.ok(name in scripts, `${page} names npm run ${name}`);
      }
    }
  });
});
