import assert from 'node:assert/strict';
import { logSourceOf, logText } from '../../../src/vscode/commands/log-texts';
import {
  answerText,
  failureLine,
  firstRowLine,
  isCold,
  requestText,
  rowsOf,
} from '../../../src/vscode/commands/request-texts';
import { plainL10n } from '../../../src/vscode/trees/l10n';

const now = new Date('2026-11-22T12:00:05.000Z');

describe('a request to a target model', () => {
  const target = {
    endpoint: 'flights',
    endpointName: 'flights',
    environment: 'qa',
    accountId: '222222222222',
    targetModel: 'delay-ord.tar.gz',
  };
  const sample = {
    features: ['hour', 'distance', 'wind'],
    probes: [{ row: [7, null, 2.5], expected: [31.5] }],
  };

  it('begins with a row that the version was verified with; what is missing is empty', () => {
    const text = requestText(plainL10n, target, sample);
    assert.match(text, /^# delay-ord\.tar\.gz at flights in qa, account 222222222222\n/);
    assert.match(text, /^# hour,distance,wind$/m);
    assert.match(text, /^# expected: 31\.5$/m);
    assert.deepEqual(rowsOf(text), ['7,,2.5']);
    assert.equal(text.split('\n')[firstRowLine(text)], '7,,2.5');
  });

  it('without a probe leaves a line to write on', () => {
    const text = requestText(plainL10n, target, { features: [], probes: [] });
    assert.deepEqual(rowsOf(text), []);
    assert.ok(firstRowLine(text) >= 2);
  });

  it('sends rows alone, however lines end, and never what is for people', () => {
    assert.deepEqual(rowsOf('# a\r\n1,2\r\n\r\n  3,4  \n# = 5'), ['1,2', '3,4']);
  });

  it('is answered below, a line a row, so that it can be sent again', () => {
    const answer = answerText(plainL10n, [0.1, 0.9, 0.4, 0.6], 2, { milliseconds: 812, again: 12 }, now);
    assert.equal(
      answer,
      '\n# 2026-11-22 12:00:05 UTC: 812 ms, cold; 12 ms right after it, warm\n# = 0.1, 0.9\n# = 0.4, 0.6\n',
    );
    assert.deepEqual(rowsOf(`1,2\n${answer}`), ['1,2']);
    assert.match(answerText(plainL10n, [1, 2, 3], 2, { milliseconds: 9, again: null }, now), /# = 1, 2, 3$/m);
    assert.match(
      answerText(plainL10n, [], 0, { milliseconds: 9, again: 8 }, now),
      /: 9 ms, warm; 8 ms right/,
    );
  });

  it('that failed says so on one line that is not sent', () => {
    const line = failureLine(plainL10n, 'Feature size\n3 is wrong', now);
    assert.equal(line, '\n# 2026-11-22 12:00:05 UTC: failed: Feature size 3 is wrong\n');
    assert.deepEqual(rowsOf(line), []);
  });

  it('counts as cold only when the next call was much faster', () => {
    assert.equal(isCold({ milliseconds: 900, again: 20 }), true);
    assert.equal(isCold({ milliseconds: 30, again: 20 }), false);
    assert.equal(isCold({ milliseconds: 9, again: 1 }), false, 'a few milliseconds prove nothing');
    assert.equal(isCold({ milliseconds: 900, again: null }), null);
  });
});

describe('logs', () => {
  it('are those of what is named, the most particular first', () => {
    const place = { endpoint: 'flights', environment: 'qa' };
    assert.deepEqual(logSourceOf({ trainingJob: 'ws-1-001-ab', tuningJob: 'ws-1' }), {
      kind: 'training',
      name: 'ws-1-001-ab',
      streamPrefix: 'ws-1-001-ab/',
    });
    assert.deepEqual(logSourceOf({ model: 'm', tuningJob: 'ws-1' }), {
      kind: 'training',
      name: 'ws-1',
      streamPrefix: 'ws-1-',
    });
    assert.deepEqual(logSourceOf(place), { kind: 'endpoint', ...place });
    assert.equal(logSourceOf({ model: 'm' }), null);
    assert.equal(logSourceOf({ endpoint: 'flights' }), null);
  });

  it('are shown stream by stream, and say when they are cut', () => {
    const line = (stream: string, message: string) => ({ at: '2026-11-22T12:00:00.000Z', stream, message });
    const text = logText(plainL10n, 'Log', [line('a', '1'), line('b', '2'), line('a', '3')], 3);
    assert.equal(
      text,
      [
        'Log',
        'Only the newest 3 lines.',
        '',
        '== a',
        '2026-11-22T12:00:00.000Z 1',
        '2026-11-22T12:00:00.000Z 3',
        '',
        '== b',
        '2026-11-22T12:00:00.000Z 2',
        '',
      ].join('\n'),
    );
    assert.doesNotMatch(logText(plainL10n, 'Log', [line('a', '1')], 3), /Only the newest/);
    assert.match(logText(plainL10n, 'Log', [], 3), /Nothing was logged yet/);
  });
});
