import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Comparison } from '../../../src/comparison/comparison';
import { comparisonMarkdown } from '../../../src/comparison/markdown';
import { visible, visibleLine } from '../../../src/comparison/visible';
import { dataset, profile } from '../evaluation/examples';
import { better, built, comparison, facts, measured, serving } from './examples';
import { hostile } from './hostile';

type Parser = new (options: object) => { render(text: string): string };
/** A second opinion on what is text: a parser with all that GitHub has switched on. */
const MarkdownIt: Parser = require('markdown-it');
const parser = new MarkdownIt({ html: true, linkify: true });

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
const unescaped = (html: string) =>
  html.replace(/&(amp|lt|gt|quot);/g, (entity) => entities[entity] ?? entity).replaceAll('\u2060', '');
const tags = (html: string) => [...new Set([...html.matchAll(/<(\w+)/g)].map(([, tag]) => tag))].sort();

function withNote(note: string): Comparison {
  return { ...comparison(), models: [{ ...built(), notes: [note], metrics: [], changes: [], drift: [] }] };
}

describe('a comparison as Markdown', () => {
  it('tells verdict, gates, warnings, the rows that differ, and what changed', () => {
    const made = better({ warnings: ['The test set is small.'] });
    if (made.training) made.training.HyperParameters = { eta: '0.2' };
    made.dataset = dataset([], {
      query: { file: 'sql/delay.sql', text: 'select 2', sha256: 'q2', parameters: {} },
      columns: [
        profile('delay', [
          [0, 10],
          [1, 90],
        ]),
      ],
    });
    const text = comparisonMarkdown(comparison({ candidates: [made] }));
    for (const line of [
      '## Comparison of delay-ord',
      'Package group flights-delay-ord in training (111111111111, us-east-1); baseline: version 2 in production; 2026-11-22 12:34 UTC',
      '### Version 3: waits for approval',
      '- ⚠ The test set is small.',
      '| metric | version 2 (production) | version 3 | version 3 is | 95 % interval |',
      '| rmse | 12.3 min | 11.2 min | better by 1.1 min (8.9 %) | better by 0.8–1.4 min |',
      '1 more metric is equal.',
      '| eta | 0.3 | 0.2 |',
      '### Query of version 3: sql/delay.sql',
      '-select 1',
      '+select 2',
      '| delay | 0.879 | strong |',
    ])
      assert.ok(text.split('\n').includes(line), `${line} is not a line of\n${text}`);
    assert.match(
      text,
      /^\*\*Better\.\*\* rmse 11\.2 min: better by 0\.8–1\.4 min than version 2 in production/m,
    );
    assert.deepEqual(tags(parser.render(text)).slice(0, 4), ['code', 'h2', 'h3', 'li']);
  });

  it('names the value that a version stands against where the baseline’s column shows another', () => {
    const other = facts(5, measured({ rmse: 11 }, { rmse: 11.5 }));
    const text = comparisonMarkdown(comparison({ candidates: [better(), other] }));
    assert.match(
      text,
      /\| rmse \| 12\.3 min \| 11\.2 min \| [^|]*\(8\.9 %\) \|[^|]*\| 11 min \| better by 0\.5 min \(4\.3 %\), against 11\.5 min \| not known \|/,
    );
    const unmeasured = comparisonMarkdown(comparison({ candidates: [facts(5, null), better()] }));
    assert.match(unmeasured, /\| rmse \| 12\.3 min \| – \| – \| – \| 11\.2 min \| better by 1\.1 min/);
    assert.match(text, /\| bias \| −0\.4 min \| 0\.1 min \|/);
  });

  it('says of figures of other rows that they are', () => {
    const text = comparisonMarkdown(comparison({ candidates: [facts(5, measured({ rmse: 11 }))] }));
    assert.match(
      text,
      /\| rmse \| 12\.2 min \| 11 min \| better by 1\.2 min \(9\.8 %\) \(on other rows\) \| – \|/,
    );
  });

  it('shows a change of a long query with the lines around it', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    const query = { file: 'q.sql', sha256: '', parameters: {} };
    const made = better();
    made.dataset = dataset(['y'], { query: { ...query, text: lines.with(50, 'new').join('\n') } });
    const baseline = serving({ dataset: dataset(['y'], { query: { ...query, text: lines.join('\n') } }) });
    const text = comparisonMarkdown(comparison({ baseline, candidates: [made] }));
    const shown = /```diff\n(.*)\n```/s.exec(text)?.[1]?.split('\n') ?? [];
    assert.deepEqual(shown, [
      ' line 47',
      ' line 48',
      ' line 49',
      '-line 50',
      '+new',
      ' line 51',
      ' line 52',
      ' line 53',
    ]);
  });

  it('keeps text of others text: in a list, a heading, a table and a query', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const list = parser.render(comparisonMarkdown(withNote(text)));
        const item = /<li>(.*?)<\/li>/s.exec(list)?.[1];
        const expected = visibleLine(text).trim();
        assert.equal(unescaped(item ?? ''), expected);
        assert.deepEqual(tags(list), ['h2', 'h3', 'li', 'p', 'strong', 'ul']);

        const made = better();
        made.version.description = text;
        made.version.image = text;
        if (made.training) made.training.HyperParameters = { [text]: text };
        made.dataset = dataset([text], {
          query: { file: text, text: `select 1\n${text}`, sha256: text, parameters: { [text]: text } },
        });
        const page = parser.render(comparisonMarkdown(comparison({ candidates: [made] })));
        const known = 'code h2 h3 li p pre strong table tbody td th thead tr ul'.split(' ');
        assert.deepEqual(
          tags(page).filter((tag) => !known.includes(tag ?? '')),
          [],
        );
        for (const [row] of page.matchAll(/<tr>.*?<\/tr>/gs)) {
          const cells = [...row.matchAll(/<t[dh]/g)].length;
          assert.ok([2, 3, 5].includes(cells), `${cells} cells: ${row}`);
        }
      }),
      { numRuns: 120 },
    );
  });

  it('fences a query so that no line of it ends the fence', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const query = { file: 'q.sql', sha256: '', parameters: {} };
        const made = better();
        made.dataset = dataset(['y'], { query: { ...query, text: `${text}\n\`\`\`\n# x` } });
        const page = parser.render(comparisonMarkdown(comparison({ candidates: [made] })));
        const code = /<pre><code class="language-diff">(.*?)<\/code><\/pre>/s.exec(page)?.[1] ?? '';
        const added = unescaped(code)
          .split('\n')
          .filter((line) => line.startsWith('+'));
        assert.equal(added.at(-1), '+# x');
        assert.ok(!/[\u202a-\u202e]/.test(code));
      }),
      { numRuns: 80 },
    );
  });

  it('mentions nobody, and names what is not seen', () => {
    const text = comparisonMarkdown(withNote('@everyone look: \u202eabc x@y.example'));
    assert.ok(!/(^|\W)@\w/.test(text.replaceAll('@\u2060', '')));
    assert.ok(text.includes('⟨U+202E⟩abc'));
    assert.equal(visible('a\u202eb\tc\nd'), 'a⟨U+202E⟩b\tc\nd');
    assert.equal(visibleLine('a\r\n  b\u001b[0m'), 'a b⟨U+001B⟩[0m');
    assert.equal(visible('👩‍💻 می‌خواهم'), '👩‍💻 می‌خواهم');
  });
});
