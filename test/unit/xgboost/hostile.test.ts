import assert from 'node:assert/strict';
import { predict } from '../../../src/xgboost/predict';
import { readBooster } from '../../../src/xgboost/read';
import { Fixtures } from './fixtures';

type Edit = (tree: { [key: string]: number[] }, model: { [key: string]: number[] }) => void;

const fixtures = new Fixtures('1.7.4');
const text = fixtures.bytes('squarederror.json').toString();
const utf8 = (value: string): Uint8Array => Buffer.from(value);

/** The JSON model after an edit of its first tree. */
function edited(edit: Edit): Uint8Array {
  const document = JSON.parse(text);
  const { model } = document.learner.gradient_booster;
  edit(model.trees[0], model);
  return utf8(JSON.stringify(document));
}

const malformed = { code: 'xgboost.malformed' };

describe('a damaged tree is refused when it is read', () => {
  const cases: [what: string, edit: Edit, message: RegExp][] = [
    ['a cycle', (tree) => tree.left_children!.splice(1, 1, 0), /reaches node 0 twice/],
    ['a shared child', (tree) => tree.right_children!.splice(0, 1, tree.left_children![0]!), /twice/],
    ['a child out of range', (tree) => tree.right_children!.splice(0, 1, 1000), /points to node 1000 of/],
    ['a split without right child', (tree) => tree.right_children!.splice(0, 1, -1), /points to node -1/],
    ['an unknown column', (tree) => tree.split_indices!.splice(0, 1, 12), /splits on column 12 of 12/],
    ['a negative column', (tree) => tree.split_indices!.splice(0, 1, -1), /splits on column -1/],
    [
      'a short array',
      (tree) => tree.split_conditions!.pop(),
      /split_conditions has 14 entries instead of 15/,
    ],
    ['a fraction', (tree) => tree.left_children!.splice(0, 1, 1.5), /not a whole number/],
    [
      'an output that does not exist',
      (_, model) => model.tree_info!.splice(0, 1, 1),
      /adds to output 1 of 1/,
    ],
    ['a missing group', (_, model) => model.tree_info!.pop(), /tree_info has 9 entries instead of 10/],
  ];
  for (const [what, edit, message] of cases)
    it(what, () => assert.throws(() => readBooster(edited(edit)), { ...malformed, message }));
});

describe('JSON', () => {
  it('may hold bare NaN and Infinity outside of strings', () => {
    const bare = text.replace(/"loss_changes":\[/g, '"loss_changes":[NaN,-Infinity,Infinity,');
    const named = bare.replace('"attributes":{', '"attributes":{"NaN \\"":"Infinity",');
    const booster = readBooster(utf8(named));
    assert.equal(booster.attributes['NaN "'], 'Infinity');
    assert.deepEqual(
      predict(booster, fixtures.features()),
      predict(readBooster(utf8(text)), fixtures.features()),
    );
    const threshold = text.replace(/"split_conditions":\[[^,]+/, '"split_conditions":[NaN');
    assert.ok(Number.isNaN(readBooster(utf8(threshold)).trees[0]!.condition[0]));
  });

  it('takes no attribute for a member of its prototype', () => {
    const odd = text.replace('"attributes":{', '"attributes":{"__proto__":"1","constructor":"2",');
    assert.equal(readBooster(utf8(odd)).objective, 'reg:squarederror');
    assert.throws(() => readBooster(utf8('{"__proto__":{"learner":{}}}')), malformed);
  });

  for (const [what, bytes] of [
    ['deep nesting', '{"a":'.repeat(100_000)],
    ['endless brackets', `{"a":${'['.repeat(100_000)}`],
    ['empty containers', `{"a":[${'[],'.repeat(1_000_000)}[]]}`],
    ['a word that is none', '{"a":Nope}'],
    ['an unfinished string', `{"${'\\"'.repeat(100_000)}`],
    ['no learner', '{"version":[1,7,4]}'],
    ['another document', '{"rows":12}'],
  ] as const)
    it(`with ${what} is refused at once`, () => {
      const start = performance.now();
      assert.throws(() => readBooster(utf8(bytes)), malformed);
      assert.ok(performance.now() - start < 1000);
    });
});

describe('what cannot be scored exactly is refused by name', () => {
  const cases: [what: string, from: RegExp, to: string, code: string][] = [
    ['a custom objective', /"name":"reg:squarederror"/, '"name":"mine"', 'xgboost.unsupported-objective'],
    ['an inherited name', /"name":"reg:squarederror"/, '"name":"toString"', 'xgboost.unsupported-objective'],
    ['another booster', /"name":"gbtree"/, '"name":"gbforest"', 'xgboost.unsupported-booster'],
    ['vector leaves', /"size_leaf_vector":"0"/g, '"size_leaf_vector":"3"', 'xgboost.unsupported-vector-leaf'],
    [
      'string categories',
      /"trees":/,
      '"cats":{"enc":[{"t":1}]},"trees":',
      'xgboost.unsupported-string-categories',
    ],
  ];
  for (const [what, from, to, code] of cases)
    it(what, () => {
      const score = () => predict(readBooster(utf8(text.replace(from, to))), fixtures.features());
      assert.throws(score, (error: Error & { code?: string; remedy?: string }) => {
        assert.equal(error.code, code);
        assert.match(error.remedy ?? '', /Batch Transform/);
        return true;
      });
    });
});

describe('counts', () => {
  it('of the binary format are held against the bytes that remain', () => {
    const header = 4 + 136;
    for (const [offset, value] of [
      [header, 2 ** 30],
      [4 + 4, 2 ** 31 - 1],
      [4 + 8, 2 ** 31 - 1],
    ] as const) {
      const bytes = fixtures.bytes('squarederror.bin');
      bytes.writeInt32LE(value, offset);
      const before = process.memoryUsage().arrayBuffers;
      try {
        predict(readBooster(bytes), fixtures.features());
      } catch (error) {
        assert.ok(error instanceof Error && 'code' in error && error.code === 'xgboost.malformed');
      }
      assert.ok(process.memoryUsage().arrayBuffers - before < 50e6);
    }
  });

  it('of UBJSON are, too', () => {
    const huge = Buffer.from('{L\0\0\0\0\0\0\0\x01a[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff', 'latin1');
    assert.throws(() => readBooster(huge), malformed);
    const nested = Buffer.from(`{L\0\0\0\0\0\0\0\x01a${'['.repeat(100_000)}`, 'latin1');
    assert.throws(() => readBooster(nested), { ...malformed, message: /nested/ });
    const empty = Buffer.from(`{L\0\0\0\0\0\0\0\x01a[${'[]'.repeat(1_000_000)}]}`, 'latin1');
    assert.throws(() => readBooster(empty), { ...malformed, message: /empty containers/ });
  });
});

describe('a pickle', () => {
  const pickle = (body: string): Uint8Array => Buffer.from(`\x80\x03${body}.`, 'latin1');

  it('that wants to run something is refused and runs nothing', () => {
    for (const body of [
      'cos\nsystem\nX\x02\0\0\0id\x85R',
      'cbuiltins\neval\nX\x03\0\0\x001+1\x85R',
      'cxgboost.core\nBooster\nX\x02\0\0\0id\x85\x81',
      'cxgboost.core\nBooster\n)R',
      '(X\x02\0\0\0idios\nsystem\n',
    ])
      assert.throws(() => readBooster(pickle(body)), { code: 'xgboost.unsupported-pickle' }, body);
  });

  it('of another class is refused by its name', () => {
    assert.throws(() => readBooster(pickle('cxgboost.sklearn\nXGBRegressor\n)\x81}b')), {
      code: 'xgboost.unsupported-pickle',
      message: /xgboost\.sklearn\.XGBRegressor/,
    });
  });

  for (const [what, body] of [
    ['nothing', ''],
    ['a number', 'K\x01'],
    ['a Booster without state', 'cxgboost.core\nBooster\n)\x81'],
    ['a Booster without model', 'cxgboost.core\nBooster\n)\x81}b'],
    ['a missing mark', 'e'],
    ['an entry that it never stored', 'h\x07'],
    ['a list that contains itself', ']\x94h\0a'],
    ['endless opcodes', '}'.repeat(2_000_000)],
    ['a text without end', 'X\xff\xff\xff\x7f'],
    ['a name without end', 'cos'.repeat(1000)],
  ] as const)
    it(`with ${what} is refused`, () => {
      assert.throws(() => readBooster(pickle(body)), malformed);
    });
});

describe('no model at all', () => {
  for (const bytes of ['', '{', '{"', 'delay,hour\n1,2\n', 'binf', '\x80', '\x1f\x8b'])
    it(`${JSON.stringify(bytes)} is refused`, () => {
      assert.throws(() => readBooster(Buffer.from(bytes, 'latin1')), malformed);
    });

  it('a long text is refused', () => {
    assert.throws(() => readBooster(Buffer.from('1,2,3\n'.repeat(1000))), malformed);
  });
});
