import assert from 'node:assert/strict';
import type { TreeNode } from '../../../src/vscode/trees/node';
import {
  activity,
  endpoint,
  key,
  pendingVersion,
  release,
  run,
  target,
  trainingJob,
  tuningJob,
  versionNode,
} from './trees-fixtures';
import { base, looksLike, rendered, step } from './trees-lines';

describe('the lines that stand for others', () => {
  const remedy = { title: 'Sign In to qa', command: 'warmstart.signIn' };
  looksLike([
    [
      'more',
      { ...base, kind: 'loadMore', parent: key, shown: 50, loading: false },
      '(ellipsis) Load More… — 50 shown',
      '',
    ],
    [
      'more, on its way',
      { ...base, kind: 'loadMore', parent: key, shown: 50, loading: true },
      '(loading~spin) Loading… — 50 shown',
      '',
    ],
    ['nothing', { ...base, kind: 'empty', text: 'No version yet.' }, '(info) No version yet.', ''],
    [
      'an error with its way out',
      {
        ...base,
        kind: 'error',
        code: 'aws.session-expired',
        text: 'The session has expired.',
        advice: 'Run: aws sso login',
        remedy,
      },
      '(error) The session has expired. — Sign In to qa',
      'refreshable',
    ],
  ]);
});

describe('every line', () => {
  const nodes: TreeNode[] = [
    pendingVersion(),
    versionNode(),
    tuningJob(),
    trainingJob(),
    endpoint(),
    target('stale'),
    release(),
    run(),
    activity(),
  ];
  it('says in words what icon and color tell', () => {
    for (const node of nodes) {
      const { accessibilityLabel, label, description } = rendered(node);
      assert.ok(accessibilityLabel.startsWith(label), accessibilityLabel);
      for (const part of description.split(' · ')) assert.ok(accessibilityLabel.includes(part), part);
    }
    assert.equal(rendered(pendingVersion()).accessibilityLabel.split(', ')[1], 'waits for approval');
    assert.equal(rendered(target()).accessibilityLabel, 'delay-ord.tar.gz, as it should be, v6');
  });
  it('takes nothing from AWS for Markdown', () => {
    const evil =
      '](command:warmstart.release) <img src=x> $(flame) | `x`\n\n# y https://evil.example www.evil.example';
    const nodes: TreeNode[] = [
      pendingVersion(
        { group: evil, metrics: { [evil]: 1 }, commit: evil, imageVersion: evil },
        { note: evil, warnings: [evil] },
      ),
      versionNode({ comment: evil, approvedBy: evil }),
      tuningJob({ name: evil, parents: [evil] }),
      trainingJob({ name: evil, failureReason: evil, hyperparameters: { [evil]: evil } }),
      endpoint({ endpointName: evil, image: evil }),
      target(undefined, { targetModel: evil }),
      release({ reason: evil }),
      run({
        host: evil,
        steps: { tune: { ...step, status: 'failed', error: { code: evil, message: evil, remedy: evil } } },
      }),
      { ...base, kind: 'error', code: evil, text: evil, advice: evil },
    ];
    for (const node of nodes) {
      const { tooltip } = rendered(node);
      assert.doesNotMatch(
        tooltip,
        /(?<!\\)\]\(|(?<!\\)<|(?<!\\)\$\(|(?<!\\)`|https:\/\/|www\.evil|^# y/m,
        node.kind,
      );
    }
  });
});
