import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { mainMetric } from '../../../src/evaluation/headline';
import { consoleUrl, sagemakerArn } from '../../../src/vscode/trees/arn';
import { matches } from '../../../src/vscode/trees/filter';
import { ago, bytes, duration } from '../../../src/vscode/trees/format';
import { plainL10n as l10n } from '../../../src/vscode/trees/l10n';
import { literal, tooltip } from '../../../src/vscode/trees/markdown';
import { Memo } from '../../../src/vscode/trees/memo';
import { deltaText } from '../../../src/vscode/trees/metric';
import { isPending } from '../../../src/vscode/trees/pending';
import { Poll } from '../../../src/vscode/trees/poll';
import { Remembered } from '../../../src/vscode/trees/remembered';
import { timeOfRelease } from '../../../src/vscode/trees/render/endpoints';
import { summaryOf } from '../../../src/vscode/trees/summary';
import {
  activity,
  endpoint,
  now,
  pendingVersion,
  release,
  run,
  target,
  trainingJob,
  tuningJob,
  versionNode,
} from './trees-fixtures';

describe('text from AWS in Markdown', () => {
  it('stands there letter by letter: every mark escaped, every line break a space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = literal(text);
        assert.doesNotMatch(escaped, /[\r\n\t\u2028]/);
        assert.doesNotMatch(escaped.replace(/\\[!-/:-@[-`{-~]/g, ''), /[!-/:-@[-`{-~]/);
        assert.equal(
          escaped.replace(/\\(?=[!-/:-@[-`{-~])/g, (m, i) => (isEscape(escaped, i) ? '' : m)),
          collapsed(text),
        );
      }),
    );
  });

  it('leaves out of a table what is not known, and keeps what is zero', () => {
    const text = tooltip('a|b', [
      ['none', null],
      ['zero', 0],
      ['empty', ''],
    ]);
    assert.equal(text, '**a\\|b**\n\n| | |\n|---|---|\n| zero | 0 |');
  });
});

/** Whether the backslash at `i` escapes what follows: it is not itself escaped. */
function isEscape(text: string, i: number): boolean {
  let before = 0;
  while (text[i - 1 - before] === '\\') before += 1;
  return before % 2 === 0;
}

function collapsed(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ');
}

describe('times', () => {
  const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  for (const [seconds, text] of [
    [-5, 'just now'],
    [59, 'just now'],
    [60, '1 min ago'],
    [3599, '59 min ago'],
    [3600, '1 h ago'],
    [47 * 3600, '47 h ago'],
    [48 * 3600, '2 d ago'],
  ] as const)
    it(`${seconds} s before now is ${text}`, () => assert.equal(ago(l10n, secondsAgo(seconds), now), text));
  for (const [seconds, text] of [
    [0, '0.0 s'],
    [0.44, '0.4 s'],
    [59, '59 s'],
    [185, '3 min 5 s'],
    [7800, '2 h 10 min'],
  ] as const)
    it(`${seconds} s last ${text}`, () => {
      assert.equal(duration(l10n, secondsAgo(seconds), now.toISOString()), text);
    });
  it('are told from the id of a release, if it is one of ours', () => {
    assert.equal(timeOfRelease('20261122-090000-ab12'), '2026-11-22T09:00:00.000Z');
    assert.equal(timeOfRelease('by-hand'), null);
  });
  it('sizes are in the largest unit that fits', () => {
    assert.deepEqual([bytes(12), bytes(2048), bytes(3 * 1024 ** 2)], ['12 B', '2.0 KB', '3.0 MB']);
  });
});

describe('ARNs', () => {
  const place = { accountId: '111111111111', region: 'us-east-1' };
  it('are made of the place and the name, which SageMaker writes small', () => {
    assert.equal(
      sagemakerArn(place, 'endpoint', 'Flights'),
      'arn:aws:sagemaker:us-east-1:111111111111:endpoint/flights',
    );
    assert.match(sagemakerArn({ ...place, region: 'cn-north-1' }, 'endpoint', 'f'), /^arn:aws-cn:/);
  });
  for (const [what, arn, url] of [
    [
      'commercial',
      'arn:aws:sagemaker:us-east-1:1:endpoint/f',
      'https://console.aws.amazon.com/go/view?region=us-east-1&arn=arn%3Aaws%3Asagemaker%3Aus-east-1%3A1%3Aendpoint%2Ff',
    ],
    [
      'China',
      'arn:aws-cn:sagemaker:cn-north-1:1:endpoint/f',
      'https://console.amazonaws.cn/go/view?region=cn-north-1&arn=arn%3Aaws-cn%3Asagemaker%3Acn-north-1%3A1%3Aendpoint%2Ff',
    ],
    [
      'GovCloud',
      'arn:aws-us-gov:sagemaker:us-gov-west-1:1:endpoint/f',
      'https://console.amazonaws-us-gov.com/go/view?region=us-gov-west-1&arn=arn%3Aaws-us-gov%3Asagemaker%3Aus-gov-west-1%3A1%3Aendpoint%2Ff',
    ],
    ['a closed partition', 'arn:aws-iso:sagemaker:us-iso-east-1:1:endpoint/f', undefined],
    ['no ARN', 'https://evil.example/arn:aws:x:y:', undefined],
  ] as const)
    it(`of ${what}: where the console shows it`, () => assert.equal(consoleUrl(arn), url));
});

describe('the metric of a line', () => {
  const model = (gates: string[], metrics: string[] | undefined, tuned?: string) =>
    ({
      tuning: { metric: tuned },
      evaluation: { gates: gates.map((metric) => ({ metric })), metrics },
    }) as Parameters<typeof mainMetric>[0];
  const measured = { mae: 1, rmse: 2, r2: 0.5 };
  it('is what a gate asks for, else what the project shows first, else what was tuned, else the first', () => {
    assert.equal(mainMetric(model(['r2'], ['mae'], 'validation:rmse'), measured), 'r2');
    assert.equal(mainMetric(model([], ['mae'], 'validation:rmse'), measured), 'mae');
    assert.equal(mainMetric(model([], undefined, 'validation:rmse'), measured), 'rmse');
    assert.equal(mainMetric(undefined, measured), 'mae');
    assert.equal(mainMetric(model(['auc'], undefined), {}), null);
  });
  for (const [metric, candidate, champion, text] of [
    ['rmse', 31.25, 31.67, 'better by 0.42 (1.3 %)'],
    ['rmse', 32, 31, 'worse by 1 (3.2 %)'],
    ['auc', 0.9, 0.8, 'better by 0.1 (12 %)'],
    ['bias', -0.1, 0, 'worse by 0.1'],
    ['rmse', 31, 31, 'the same'],
    ['rmse', Number.NaN, 31, 'cannot be compared'],
    ['own-score', 3, 2, '2 before'],
  ] as const)
    it(`${metric} ${candidate} against ${champion} is ${text}`, () => {
      assert.equal(deltaText(l10n, metric, candidate, champion), text);
    });
});

describe('a filter', () => {
  it('finds by name and by state, and hides nothing that leads to others', () => {
    assert.ok(matches(pendingVersion(), 'ORD'));
    assert.ok(!matches(pendingVersion(), 'jfk'));
    assert.ok(matches(pendingVersion({ testing: true }), 'testing'));
    assert.ok(matches(target('stale'), 'stale'));
    assert.ok(!matches(target(), 'stale'));
    assert.ok(matches(run({ status: 'failed' }), 'failed'));
    assert.ok(matches(endpoint(), 'whatever'));
    assert.ok(matches(versionNode(), 'whatever'));
    assert.ok(matches(release(), 'whatever'));
    assert.ok(!matches(release({}, { place: 'activity' }), 'whatever'));
  });
});

describe('what is asked for again and again', () => {
  for (const [what, node, expected] of [
    ['a running tuning job', tuningJob({}, true), true],
    ['a finished one', tuningJob(), false],
    ['a running training job', trainingJob({ status: 'InProgress' }), true],
    ['an endpoint in Updating', endpoint({ status: 'Updating' }), true],
    ['an endpoint in service', endpoint(), false],
    ['an endpoint that failed', endpoint({ status: 'Failed' }), false],
    ['a run in progress', run({ status: 'running' }, { standing: 'live' }), true],
    ['a run that nobody drives', run({ status: 'running' }, { standing: 'interrupted' }), false],
    ['a release in progress', release({ status: 'in-progress' }, { standing: 'live' }), true],
    ['what this window tells itself', activity(), false],
  ] as const)
    it(`${expected ? '' : 'is not '}${what}`, () => assert.equal(isPending(node), expected));
});

describe('beside a view’s title', () => {
  const two = [pendingVersion(), pendingVersion(), pendingVersion({ testing: true })];
  it('stands how many versions wait, testing runs left out, and the same on the icon', () => {
    assert.deepEqual(summaryOf('approvals', two, l10n), {
      description: '2 waiting',
      badge: { value: 2, tooltip: '2 versions wait for approval' },
    });
    assert.deepEqual(summaryOf('approvals', [], l10n), { description: '', badge: null });
  });
  it('stands how much is in progress', () => {
    const nodes = [run({}, { standing: 'live' }), run(), activity(), activity({ status: 'done' })];
    assert.equal(summaryOf('activity', nodes, l10n).description, '2 in progress');
  });
});

describe('what is remembered', () => {
  it('is asked for once, and anew after it was forgotten', async () => {
    const memo = new Memo();
    let asked = 0;
    const ask = async () => ++asked;
    assert.deepEqual(await Promise.all([memo.get('x 1', ask), memo.get('x 1', ask)]), [1, 1]);
    memo.clear('y');
    assert.equal(await memo.get('x 1', ask), 1);
    memo.clear('x');
    assert.equal(await memo.get('x 1', ask), 2);
  });
  it('is not a failure, which can be tried again in a moment', async () => {
    const memo = new Memo(0.005);
    let asked = 0;
    const ask = async () => {
      asked += 1;
      if (asked === 1) throw new Error('no');
      return asked;
    };
    await assert.rejects(memo.get('x', ask));
    await assert.rejects(memo.get('x', ask), 'a burst of questions is one call');
    await new Promise((done) => setTimeout(done, 15));
    assert.equal(await memo.get('x', ask), 2);
  });
  it('pages are fetched one after the other, each once', async () => {
    const fetched: number[] = [];
    async function* pages() {
      for (let i = 0; i < 3; i++) {
        fetched.push(i);
        yield i;
      }
    }
    const remembered = new Remembered(pages());
    assert.deepEqual(await Promise.all([remembered.at(1), remembered.at(0)]), [1, 0]);
    assert.equal(await remembered.at(1), 1);
    assert.equal(await remembered.at(3), undefined);
    assert.deepEqual(fetched, [0, 1, 2]);
  });
});

describe('polling', () => {
  const moment = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));
  it('never asks again before the answer came, and stops when nobody looks', async () => {
    let asking = 0;
    let most = 0;
    let asked = 0;
    const poll = new Poll(
      async () => {
        asked += 1;
        most = Math.max(most, ++asking);
        await moment(0.02);
        asking -= 1;
        return true;
      },
      () => 0.005,
    );
    poll.start();
    await moment(0.12);
    poll.stop();
    const before = asked;
    assert.ok(before >= 2);
    assert.equal(most, 1);
    await moment(0.05);
    assert.ok(asked <= before + 1);
  });
  it('comes later each time that there is nothing to wait for, or that asking fails', async () => {
    for (const answer of [async () => false, () => Promise.reject(new Error('no'))]) {
      let asked = 0;
      const poll = new Poll(
        () => {
          asked += 1;
          return answer();
        },
        () => 0.01,
        10,
      );
      poll.start();
      await moment(0.1);
      poll.stop();
      assert.ok(asked >= 2 && asked <= 4, `asked ${asked} times`);
    }
  });
});
