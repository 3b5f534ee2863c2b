import assert from 'node:assert/strict';
import { countChanges, type DiffLine, foldEqual } from '../../../webview-ui/diff-lines';
import { intervalPicture } from '../../../webview-ui/interval';
import { overviewRows } from '../../../webview-ui/overview-rows';
import { refusalsOf } from '../../../webview-ui/refusals';
import { verdictSign, verdictWord } from '../../../webview-ui/verdict';
import { initialView, restoreView } from '../../../webview-ui/view';
import { binary, metric, multiclass, regression } from '../../webview/fixtures';

describe('the picture of an interval', () => {
  const of = (reading: 'lower' | 'higher' | 'zero', values: [number, number], half: number) => {
    const row = metric('m', reading, values, { half });
    return intervalPicture(row.reading, row.cells[1]!.difference);
  };

  it('has better on the right, whichever way that is', () => {
    const lower = of('lower', [12, 11], 0.25)!;
    const higher = of('higher', [11, 12], 0.25)!;
    assert.deepEqual(lower, higher);
    assert.ok(50 < lower.from && lower.from < lower.at && lower.at < lower.to && lower.to <= 92);
    assert.ok(of('lower', [11, 12], 0.25)!.to < 50);
  });

  it('holds the middle when it is not clear', () => {
    const picture = of('lower', [12, 12.1], 1)!;
    assert.ok(picture.from < picture.zero && picture.zero < picture.to);
  });

  it('is on one scale with those beside it', () => {
    const { cells, reading } = metric('m', 'lower', [12, 11, 11.9], { half: 0.25 });
    const all = cells.map(({ difference }) => difference);
    const [great, small] = all.slice(1).map((difference) => intervalPicture(reading, difference, all)!);
    assert.ok(great!.to - great!.from > 0);
    assert.ok(Math.abs(great!.to - great!.from - (small!.to - small!.from)) < 1e-9, 'both are as wide');
    assert.ok(great!.at > small!.at);
    assert.equal(great!.to, 92);
  });

  it('is left out when nobody knows it', () => {
    assert.equal(intervalPicture('lower', null), null);
    assert.equal(intervalPicture('lower', metric('m', 'lower', [1, 2]).cells[1]!.difference), null);
    assert.equal(of('zero', [1, 2], 1), null);
    assert.equal(of('lower', [1, 1], 0), null);
  });
});

describe('a diff', () => {
  const lines = (text: string): DiffLine[] =>
    [...text].map((mark) => ({
      kind: mark === '+' ? 'added' : mark === '-' ? 'removed' : 'same',
      text: mark,
    }));
  const shape = (text: string, context: number) =>
    foldEqual(lines(text), context).map((part) =>
      'hidden' in part ? part.hidden : part.lines.map(({ text: mark }) => mark).join(''),
    );

  it('leaves out what is far from any change', () => {
    assert.deepEqual(shape('......+......-..', 2), [4, '..+..', 2, '..-..']);
    assert.deepEqual(shape('+....-', 2), ['+....-']);
  });

  it('does not leave out a single line', () => {
    assert.deepEqual(shape('...+...', 2), ['...+...']);
  });

  it('counts what changed', () => {
    assert.deepEqual(countChanges(lines('.+-+.')), { added: 2, removed: 1 });
  });
});

describe('the overview of several models', () => {
  it('says from where to where, the verdict, the gates and how many warnings', () => {
    const [first, second, third] = overviewRows([regression(), binary(), multiclass()]);
    assert.deepEqual(
      [first!.model, first!.from, first!.candidates.map(({ version }) => version)],
      ['delay-ord', 30, [38, 37]],
    );
    assert.deepEqual(
      first!.candidates.map(({ sign, words, passed, failed, warnings }) => [
        sign,
        words,
        passed,
        failed,
        warnings,
      ]),
      [
        ['▲', 'Better', 2, 0, 1],
        ['≈', 'Not certain', 0, 1, 2],
      ],
    );
    assert.equal(second!.candidates[0]!.sign, '▼');
    assert.equal(third!.candidates[0]!.words, 'The same');
  });

  it('tells every verdict apart by sign and by word', () => {
    const all = ['better', 'worse', 'same', 'uncertain', 'unknown'] as const;
    assert.equal(new Set(all.map(verdictSign)).size, 5);
    assert.equal(new Set(all.map(verdictWord)).size, 5);
  });
});

describe('what cannot be done', () => {
  const [, , rejected] = regression().columns;
  it('is said by the registry’s rules', () => {
    const refusals = refusalsOf(rejected!, regression(), true);
    assert.match(refusals.approve ?? '', /testing run/);
    assert.equal(refusals.release, null);
    assert.match(refusalsOf(rejected!, regression({ endpoint: null }), true).release ?? '', /No endpoint/);
  });

  it('is everything where it can only be read', () => {
    assert.equal(new Set(Object.values(refusalsOf(rejected!, regression(), false))).size, 1);
  });
});

describe('the kept view', () => {
  it('is restored', () => {
    const view = {
      ...initialView,
      group: 'g',
      allMetrics: true,
      sort: { by: 'arn', of: 'value' as const, descending: true },
      order: ['a', 'b'],
      pinned: { a: false },
      open: { charts: false },
      chosen: { history: 'mae' },
    };
    assert.deepEqual(restoreView(JSON.parse(JSON.stringify(view))), view);
  });

  it('is taken as far as it is understood', () => {
    for (const kept of [undefined, null, 3, 'view', []]) assert.deepEqual(restoreView(kept), initialView);
    const odd = {
      group: 1,
      sort: { by: 'x', of: 'colour', descending: true },
      order: [1, 'a'],
      pinned: { a: 'yes', b: true },
      open: 0,
    };
    assert.deepEqual(restoreView(odd), { ...initialView, order: ['a'], pinned: { b: true } });
  });
});
