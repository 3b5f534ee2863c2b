import assert from 'node:assert/strict';
import { jsonOutput, type Output, plainOutput, terminalOutput } from '../../../src/cli/output';
import { WarmstartError } from '../../../src/errors';

const failure = new WarmstartError('tuning.no-result', 'No job reported rmse.', {
  remedy: 'Look at its log.',
  cause: new Error('out of memory', { cause: new Error('killed by signal 9') }),
});

/** What every command does with its output. */
function speak(output: Output): void {
  output.progress({ step: 'tune', subject: 'a', message: 'running', done: 1, total: 4 });
  output.progress({ step: 'tune', subject: 'a', message: 'running', done: 1, total: 4 });
  output.note('Version 1 waits.');
  output.table({ columns: ['model', 'rmse'], rows: [['a', 1.5]] });
  output.event('retrain.done', { model: 'a' });
  output.error(failure);
  output.close();
}

describe('Output for programs', () => {
  it('is one JSON object a line, and nothing else', () => {
    let text = '';
    const output = jsonOutput((part) => {
      text += part;
    });
    speak(output);
    assert.equal(output.wantsEvents, true);
    assert.ok(text.endsWith('\n'));
    assert.deepEqual(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
      [
        { event: 'progress', step: 'tune', subject: 'a', message: 'running', done: 1, total: 4 },
        { event: 'progress', step: 'tune', subject: 'a', message: 'running', done: 1, total: 4 },
        { event: 'retrain.done', model: 'a' },
        {
          event: 'error',
          code: 'tuning.no-result',
          kind: 'failed',
          message: 'No job reported rmse.',
          remedy: 'Look at its log.',
        },
      ],
    );
  });

  it('stays one line whatever a message holds', () => {
    const lines: string[] = [];
    jsonOutput((part) => lines.push(part)).note('not shown');
    jsonOutput((part) => lines.push(part)).event('x', { text: 'two\nlines\u2028three' });
    assert.equal(lines.length, 1);
    assert.equal(lines[0]?.indexOf('\n'), lines[0]!.length - 1);
  });
});

describe('Output for pipes', () => {
  it('parts answers from news, tells equal news once, and an error with its causes and what to do', () => {
    let answers = '';
    let news = '';
    const output = plainOutput(
      (part) => {
        answers += part;
      },
      (part) => {
        news += part;
      },
    );
    speak(output);
    assert.equal(output.wantsEvents, false);
    assert.equal(answers, 'Version 1 waits.\nmodel  rmse\n─────  ────\na       1.5\n');
    assert.equal(
      news,
      [
        'a  tune ███░░░░░░░ 1/4  running',
        'error tuning.no-result: No job reported rmse.',
        '  because: out of memory',
        '  because: killed by signal 9',
        '  Look at its log.',
        '',
      ].join('\n'),
    );
  });

  it('does not repeat a cause that the message tells already', () => {
    let news = '';
    const output = plainOutput(
      () => {},
      (part) => {
        news += part;
      },
    );
    output.error(new WarmstartError('x', 'It failed: no such table', { cause: new Error('no such table') }));
    assert.equal(news, 'error x: It failed: no such table\n');
  });
});

describe('Output for a terminal', () => {
  /** A screen of lines that understands the two sequences that are used: cursor up, erase to the end. */
  function screen(columns = 60) {
    let lines = [''];
    return {
      columns,
      write(text: string) {
        // Cursor up comes with erase to the end, as one.
        for (const part of text.split('\x1b[0J')) {
          const [before = '', up] = part.split('\x1b[');
          for (const [j, line] of before.split('\n').entries()) {
            if (j > 0) lines.push('');
            lines[lines.length - 1] += line;
          }
          if (up !== undefined) lines = [...lines.slice(0, lines.length - 1 - Number.parseInt(up, 10)), ''];
        }
      },
      get lines() {
        return lines.slice(0, -1);
      },
    };
  }

  it('keeps one live line for each subject below the lines that stay, and removes them at the end', () => {
    const terminal = screen();
    let time = 0;
    const output = terminalOutput(terminal, () => time);
    output.progress({ step: 'tune', subject: 'a', message: '0 of 2' });
    output.progress({ step: 'export', subject: 'b', message: '10 rows' });
    assert.deepEqual(terminal.lines, ['a  tune  0 of 2', 'b  export  10 rows']);
    output.note('Version 1 waits.');
    time += 100;
    output.progress({ step: 'tune', subject: 'a', message: '1 of 2' });
    assert.deepEqual(terminal.lines, ['Version 1 waits.', 'a  tune  1 of 2', 'b  export  10 rows']);
    output.error(new WarmstartError('x', 'No.'));
    output.close();
    assert.deepEqual(terminal.lines, ['Version 1 waits.', 'error x: No.']);
    output.close();
    assert.equal(terminal.lines.length, 2);
  });

  it('draws no more often than an eye can follow, and loses no last word', () => {
    const terminal = screen();
    let time = 0;
    let writes = 0;
    const output = terminalOutput(
      {
        write: (text) => {
          writes += 1;
          terminal.write(text);
        },
      },
      () => time,
    );
    for (let i = 0; i <= 1000; i++) {
      time += 1;
      output.progress({ step: 'export', subject: 'a', message: `${i} rows` });
    }
    assert.ok(writes < 60, `${writes} writes`);
    output.note('done');
    assert.deepEqual(terminal.lines, ['done', 'a  export  1000 rows']);
  });

  it('cuts a live line at the width, since a wrapped line could not be removed', () => {
    const terminal = screen(30);
    const output = terminalOutput(terminal);
    output.progress({ step: 'tune', subject: 'a', message: 'x'.repeat(100) });
    assert.deepEqual(
      terminal.lines.map((line) => line.length),
      [29],
    );
  });
});
