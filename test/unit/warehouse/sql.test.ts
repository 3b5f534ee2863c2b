import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scanSql } from '../../../src/warehouse/scan';
import { type Parameter, renderQuery } from '../../../src/warehouse/sql';

const window = { from: '2001-01-01', until: '2002-01-01' };

/** Renders a query that uses the window, and answers what stands before it. */
function render(text: string, parameters: Record<string, Parameter> = {}): string {
  const suffix = ' WHERE {{from}} < {{until}}';
  const rendered = renderQuery('q.sql', text + suffix, parameters, window);
  const end = " WHERE  DATE '2001-01-01' <  DATE '2002-01-01'";
  assert.ok(rendered.endsWith(end), rendered);
  return rendered.slice(0, -end.length);
}

const refuses = (code: string, message: RegExp, text: string, parameters = {}) =>
  assert.throws(() => renderQuery('q.sql', text, parameters, window), { code, message, kind: 'usage' });

describe('rendering a query', () => {
  it('writes the window as dates', () => {
    assert.equal(
      renderQuery('q.sql', 'SELECT y FROM t WHERE d >= {{from}} AND d < {{ until }}\n', {}, window),
      "SELECT y FROM t WHERE d >=  DATE '2001-01-01' AND d <  DATE '2002-01-01'",
    );
  });

  it('quotes a parameter by its type', () => {
    assert.equal(
      render('SELECT {{text}}, {{number}}, {{negative}}, {{flag}}', {
        text: "O'Hare",
        number: 1.5,
        negative: -2,
        flag: true,
      }),
      "SELECT  'O''Hare',  1.5,  (-2),  true",
    );
  });

  it('keeps a value apart from a letter before it, so that no escape string begins', () => {
    assert.equal(render('SELECT E{{x}}', { x: "\\'" }), "SELECT E E'\\\\'''");
  });

  it('writes an identifier where the placeholder is the whole of a quoted name', () => {
    assert.equal(render('SELECT y FROM "{{table}}"', { table: 'a"b' }), 'SELECT y FROM "a""b"');
  });

  it('leaves comments as they are, so that no value can end one', () => {
    assert.equal(
      render('SELECT {{x}} -- {{x}}\n/* {{y}} /* {{z}} */ */', { x: 'a\nb' }),
      "SELECT  'a\nb' -- {{x}}\n/* {{y}} /* {{z}} */ */",
    );
  });

  it('takes a CTE and a query in parentheses', () => {
    render('WITH a AS (SELECT 1) SELECT * FROM a');
    render('-- a comment first\n(SELECT 1)');
  });

  it('names file and line of an unknown placeholder', () => {
    refuses('warehouse.placeholder', /q\.sql:2: there is no parameter "hub"/, 'SELECT {{from}},\n{{hub}}');
  });

  it('refuses a parameter or a date of the window that is not used', () => {
    refuses('warehouse.placeholder', /does not use \{\{until\}\}, \{\{hub\}\}/, 'SELECT {{from}}', {
      hub: 'ATL',
    });
  });

  it('refuses a placeholder inside a string', () => {
    for (const text of ["SELECT\n'{{hub}}'", 'SELECT\n$$ {{hub}} $$', "SELECT\nE'\\'{{hub}}'"])
      refuses('warehouse.placeholder', /q\.sql:2: \{\{hub\}\} stands inside a string/, text, { hub: 'ATL' });
  });

  it('refuses several statements, and a semicolon at the end', () => {
    refuses('warehouse.sql', /q\.sql:2: a semicolon/, 'SELECT 1\n; DROP TABLE t');
    refuses('warehouse.sql', /a semicolon/, 'SELECT 1;');
  });

  it('sees no semicolon in strings, names and comments', () => {
    render(`SELECT ';', ";", $a$;$a$, E'\\';' -- ;\n/* ; */`);
  });

  for (const [text, word] of [
    ['COPY t TO STDOUT', 'COPY'],
    ['delete from t', 'DELETE'],
    ['/* select */ UPDATE t SET a = 1', 'UPDATE'],
    ["'select'", "'SELECT'"],
  ] as const)
    it(`refuses ${text}`, () => {
      refuses('warehouse.sql', new RegExp(`begins with ${word}`), text);
    });

  it('refuses an empty file', () => {
    refuses('warehouse.sql', /holds no query/, ' -- nothing\n');
  });

  it('refuses what would close the parentheses around it', () => {
    refuses('warehouse.sql', /never opened/, 'SELECT 1) TO PROGRAM (SELECT 1');
    refuses('warehouse.sql', /never closed/, 'SELECT (1');
  });

  for (const text of ["SELECT 'a", 'SELECT "a', 'SELECT /* /* */', 'SELECT $x$ $y$', "SELECT E'\\'"])
    it(`refuses ${text}, which does not end`, () => {
      refuses('warehouse.sql', /on line 1 does not end/, text);
    });

  it('refuses parameters that SQL cannot hold', () => {
    for (const x of ['\0', '\ud800', Number.NaN, Number.POSITIVE_INFINITY])
      refuses('warehouse.parameter', /"x"/, 'SELECT {{x}}', { x });
    refuses('warehouse.parameter', /name of a date/, 'SELECT 1', { from: '2000-01-01' });
  });

  it('never lets a value out of its literal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        fc.pre(!value.includes('\0'));
        const tokens = scanSql(render('SELECT {{x}}', { x: value }));
        assert.deepEqual(
          tokens.map(({ kind }) => kind),
          ['code', 'string'],
        );
      }),
    );
  });
});

describe('scanning SQL', () => {
  it('loses nothing', () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      '\n',
      'e',
      'E',
      '\\',
      ' ',
      'x',
      ';',
      '$',
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const sql = parts.join('');
        let tokens: ReturnType<typeof scanSql>;
        try {
          tokens = scanSql(sql);
        } catch {
          return;
        }
        assert.equal(tokens.map(({ text }) => text).join(''), sql);
      }),
    );
  });
});
