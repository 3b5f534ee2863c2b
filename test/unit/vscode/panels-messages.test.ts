import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FromPanel } from '../../../src/comparison/panel';
import { changedRequest, isAboutShown, keptRequest, messageOf } from '../../../src/vscode/panels/messages';
import { arnOf, shown } from './panels-fixtures';

const messages: FromPanel[] = [
  { type: 'ready' },
  { type: 'reload' },
  { type: 'baseline', environment: 'qa' },
  { type: 'baseline', environment: null },
  { type: 'measure' },
  { type: 'add', group: 'flights-delay-ord', version: 1 },
  { type: 'remove', arn: arnOf(3) },
  { type: 'decide', arn: arnOf(3), decision: 'Approved' },
  { type: 'release', endpoint: 'flights' },
  { type: 'copyArn', arn: arnOf(2) },
  { type: 'openEvaluation', arn: arnOf(3) },
  { type: 'export', format: 'csv', to: 'clipboard' },
];

describe('a message from a panel', () => {
  it('is read as it is meant', () => {
    for (const message of messages) assert.deepEqual(messageOf({ ...message }), message);
  });

  it('is read without what does not belong to it', () => {
    assert.deepEqual(messageOf({ type: 'reload', command: 'rm', __proto__: { a: 1 } }), { type: 'reload' });
  });

  it('is refused when a field is missing or of another kind', () => {
    for (const message of messages)
      for (const name of Object.keys(message))
        for (const value of [undefined, null, {}, [], true, 1.5, -1, 'a'.repeat(5000)]) {
          // Of a baseline it means something.
          if (name === 'environment' && value === null) continue;
          assert.equal(
            messageOf({ ...message, [name]: value }),
            undefined,
            `${message.type}.${name} ${value}`,
          );
        }
  });

  it('is refused for a type that only every object has', () => {
    for (const type of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      assert.equal(messageOf({ type }), undefined);
  });

  it('may be anything at all without harm', () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        const message = messageOf(data);
        assert.ok(message === undefined || Reflect.get(Object(data), 'type') === message.type);
      }),
    );
  });
});

describe('what a panel may ask for', () => {
  it('is what it shows', () => {
    for (const message of messages) assert.equal(isAboutShown(message, shown()), true, message.type);
  });

  it('is no version, group, endpoint or environment but those', () => {
    const strange: FromPanel[] = [
      { type: 'baseline', environment: 'somewhere' },
      { type: 'add', group: 'payroll', version: 1 },
      { type: 'add', group: 'flights-delay-ord', version: 99 },
      { type: 'remove', arn: arnOf(2) },
      { type: 'decide', arn: arnOf(1), decision: 'Approved' },
      { type: 'decide', arn: arnOf(3).replace('111111111111', '333333333333'), decision: 'Approved' },
      { type: 'release', endpoint: 'payroll' },
      { type: 'copyArn', arn: 'arn:aws:iam::111111111111:role/admin' },
      { type: 'openEvaluation', arn: arnOf(1) },
      { type: 'export', format: 'html', to: 'clipboard' },
    ];
    for (const message of strange)
      assert.equal(isAboutShown(message, shown()), false, JSON.stringify(message));
  });

  it('leaves at least one version', () => {
    const one = shown();
    one.request.arns = [arnOf(3)];
    assert.equal(isAboutShown({ type: 'remove', arn: arnOf(3) }, one), false);
  });
});

describe('another request', () => {
  it('has the baseline that was chosen', () => {
    assert.equal(changedRequest({ type: 'baseline', environment: null }, shown()).baseline, null);
    const request = changedRequest({ type: 'baseline', environment: 'production' }, shown());
    assert.deepEqual(request, { arns: [arnOf(3), arnOf(4)], baseline: 'production' });
  });

  it('has the point of the history as a version of the same group, once', () => {
    const add = { type: 'add', group: 'flights-delay-ord', version: 1 } as const;
    const request = changedRequest(add, shown());
    assert.deepEqual(request, { arns: [arnOf(3), arnOf(4), arnOf(1)], baseline: null });
    assert.deepEqual(changedRequest(add, { ...shown(), request }), request);
  });

  it('is measured on the same rows when that is asked for, and what comes new is not unasked', () => {
    const measured = changedRequest({ type: 'measure' }, shown());
    assert.deepEqual(measured, { ...shown().request, measure: true });
    const now = { ...shown(), request: measured };
    assert.equal(changedRequest({ type: 'remove', arn: arnOf(3) }, now).measure, true);
    assert.equal(changedRequest({ type: 'baseline', environment: 'qa' }, now).measure, undefined);
    const add = { type: 'add', group: 'flights-delay-ord', version: 1 } as const;
    assert.equal(changedRequest(add, now).measure, undefined);
  });

  it('lacks what was removed', () => {
    const request = changedRequest({ type: 'remove', arn: arnOf(3) }, shown());
    assert.deepEqual(request.arns, [arnOf(4)]);
  });
});

describe('the state that VS Code kept', () => {
  const request = { arns: [arnOf(3)], baseline: 'qa' };

  it('is a request, whatever the view beside it', () => {
    assert.deepEqual(keptRequest({ request, view: { columns: 3 } }), request);
    assert.deepEqual(keptRequest({ request: { ...request, baseline: null } })?.baseline, null);
    assert.deepEqual(keptRequest({ request: { ...request, arns: [arnOf(3), arnOf(3)] } }), request);
  });

  it('is nothing when it is not what we keep', () => {
    const hostile: unknown[] = [
      undefined,
      null,
      'x',
      [],
      {},
      { request: null },
      { request: [] },
      { request: { arns: [], baseline: null } },
      { request: { arns: 'arn', baseline: null } },
      { request: { arns: [arnOf(3)] } },
      { request: { arns: [arnOf(3)], baseline: 7 } },
      { request: { arns: [arnOf(3)], baseline: 'x'.repeat(10_000) } },
      { request: { arns: [arnOf(3), 3], baseline: null } },
      { request: { arns: ['arn:aws:s3:::bucket'], baseline: null } },
      { request: { arns: [`${arnOf(3)}/../4`], baseline: null } },
      { request: { arns: [`${arnOf(3)}\n`], baseline: null } },
      { request: { arns: [arnOf(3).replace('flights-delay-ord', '<img src=x>')], baseline: null } },
      { request: { arns: Array.from({ length: 101 }, (_, i) => arnOf(i + 1)), baseline: null } },
      Object.create({ request }),
    ];
    for (const kept of hostile) assert.equal(keptRequest(kept), undefined, JSON.stringify(kept));
  });

  it('may be anything at all without harm', () => {
    fc.assert(fc.property(fc.anything(), (kept) => assert.equal(keptRequest({ request: kept }), undefined)));
  });
});
