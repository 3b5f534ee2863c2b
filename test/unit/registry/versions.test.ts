import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WarmstartError } from '../../../src/errors';
import { toMetadata, type VersionFacts } from '../../../src/registry/metadata';
import {
  admitted,
  findAdmitted,
  imageTag,
  listSummaries,
  listVersions,
  parseVersionArn,
  toVersion,
} from '../../../src/registry/versions';
import { awsError, clientOf } from '../tuning/client';
import { arnOf, described, version } from './fixtures';

const groupArn = 'arn:aws:sagemaker:us-east-1:111111111111:model-package-group/flights-delay-ord';
const approved = { requires: 'approved' as const };

const facts: VersionFacts = {
  model: 'delay-ord',
  layer: 'flights',
  runId: 'run-1',
  trainingJob: 'job-1',
  tuningJob: 'ws-1',
  testing: true,
  artifact: { etag: '"abc"', sha256: 'f00d' },
  evaluationUri: 's3://b/evaluation.json',
  datasetUri: 's3://b/dataset.json',
  commit: 'c0ffee',
  probes: { s3Uri: 's3://b/probes.json', sha256: 'beef' },
  gatesPassed: false,
  objective: 'reg:squarederror',
  metrics: { rmse: 1.5, mae: -0.25, r2: Number.NaN },
};

describe('a version of the registry', () => {
  it('says what was written into its metadata', () => {
    const told = toVersion(
      described(3, {
        CustomerMetadataProperties: toMetadata(facts),
        ModelApprovalStatus: 'PendingManualApproval',
      }),
    );
    assert.deepEqual(told, {
      arn: arnOf(3),
      group: 'flights-delay-ord',
      version: 3,
      approval: 'PendingManualApproval',
      status: 'Completed',
      createdAt: '2026-01-03T00:00:00.000Z',
      lastModified: '2026-01-03T00:00:00.000Z',
      trainingJob: 'job-1',
      tuningJob: 'ws-1',
      runId: 'run-1',
      testing: true,
      artifact: { s3Uri: 's3://acme-ml/output/job-3/output/model.tar.gz', etag: 'abc', sha256: 'f00d' },
      image: 'repo/image:1.7-1',
      imageVersion: '1.7-1',
      metrics: { rmse: 1.5, mae: -0.25 },
      evaluationUri: 's3://b/evaluation.json',
      dataset: 's3://b/dataset.json',
      commit: 'c0ffee',
      probes: { s3Uri: 's3://b/probes.json', sha256: 'beef' },
      gatesPassed: false,
      description: null,
      comment: null,
      approvedBy: null,
    });
  });

  it('that a notebook registered is told with what it has', () => {
    const told = toVersion(described(1));
    assert.deepEqual(
      [told.trainingJob, told.testing, told.artifact.etag, told.probes, told.gatesPassed, told.metrics],
      [null, false, null, null, null, {}],
    );
  });

  it('names who decided: our own note, unless somebody decided otherwise since', () => {
    const by = (decision: string) =>
      toVersion(
        described(1, {
          CustomerMetadataProperties: { decision, decidedBy: 'Ann' },
          LastModifiedBy: { IamIdentity: { Arn: 'arn:bob' } },
        }),
      ).approvedBy;
    assert.equal(by('Approved'), 'Ann');
    assert.equal(by('Rejected'), 'arn:bob');
  });

  it('is known by its ARN, and nothing else is', () => {
    assert.deepEqual(parseVersionArn(arnOf(12)), {
      region: 'us-east-1',
      account: '111111111111',
      group: 'flights-delay-ord',
      version: 12,
    });
    for (const arn of ['', groupArn, 'arn:aws:sagemaker:us-east-1:111111111111:model-package/unversioned']) {
      assert.throws(
        () => parseVersionArn(arn),
        (e) => e instanceof WarmstartError && e.code === 'registry.not-a-version',
      );
    }
  });

  it("tells its image's version", () => {
    assert.deepEqual(
      [
        'a.b:5000/x:1.7-1',
        `x:2@sha256:${'0'.repeat(64)}`,
        'a.b:5000/x',
        `x@sha256:${'0'.repeat(64)}`,
        null,
      ].map(imageTag),
      ['1.7-1', '2', null, null, null],
    );
  });
});

describe('listing versions', () => {
  const summary = (n: number) => ({
    ModelPackageArn: arnOf(n),
    ModelPackageVersion: n,
    CreationTime: new Date(n),
    ModelPackageStatus: 'Completed',
  });
  const pages = {
    ListModelPackages: ({ NextToken }: Record<string, unknown>) =>
      NextToken === undefined
        ? { ModelPackageSummaryList: [summary(2)], NextToken: 'empty' }
        : NextToken === 'empty'
          ? { ModelPackageSummaryList: [], NextToken: 'last' }
          : { ModelPackageSummaryList: [summary(10), summary(1)] },
  };

  it('goes through every page, empty ones too, and puts the highest first', async () => {
    const { client, sent } = clientOf(pages);
    assert.deepEqual(
      (await listSummaries(client, groupArn)).map((s) => s.version),
      [10, 2, 1],
    );
    assert.equal(sent[0]?.input.ModelPackageGroupName, groupArn, 'by ARN: a name would mean the own account');
    assert.equal(sent[0]?.input.SortOrder, 'Descending');
  });

  it('is empty while the group does not exist, but never when access is denied', async () => {
    const missing = clientOf({
      ListModelPackages: () => {
        throw awsError('ValidationException', 'ModelPackageGroup x does not exist.');
      },
    });
    assert.deepEqual(await listVersions(missing.client, groupArn), []);
    const denied = clientOf({
      ListModelPackages: () => {
        throw awsError('AccessDeniedException', 'not authorized');
      },
    });
    await assert.rejects(listVersions(denied.client, groupArn), /not authorized/);
  });

  it('describes no more versions than the search for the admitted one needs', async () => {
    const { client, sent } = clientOf({
      ListModelPackages: () => ({
        ModelPackageSummaryList: Array.from({ length: 12 }, (_, i) => summary(i + 1)),
      }),
      DescribeModelPackage: ({ ModelPackageName: arn }) => {
        const n = parseVersionArn(String(arn)).version;
        return described(n, { ModelApprovalStatus: n > 6 ? 'Rejected' : 'Approved' });
      },
    });
    const found = await findAdmitted(client, groupArn, approved);
    assert.equal(found.version?.version, 6);
    assert.deepEqual(
      found.skipped.map((s) => s.version.version),
      [12, 11, 10, 9, 8, 7],
    );
    assert.equal(sent.filter((s) => s.operation === 'DescribeModelPackage').length, 8);
  });
});

describe('the version that an environment admits', () => {
  it('is the highest approved and complete one; rejecting it brings the one below back', () => {
    const versions = [version(1), version(3), version(2)];
    assert.equal(admitted(versions, approved).version?.version, 3);
    const rejected = versions.map((v) => (v.version === 3 ? { ...v, approval: 'Rejected' as const } : v));
    const back = admitted(rejected, approved);
    assert.equal(back.version?.version, 2);
    assert.deepEqual(
      back.skipped.map((s) => [s.version.version, s.reason]),
      [[3, 'it was rejected']],
    );
  });

  const passedOver: [
    what: string,
    over: Parameters<typeof version>[1],
    policy: Parameters<typeof admitted>[1],
    reason: RegExp,
  ][] = [
    ['waits for approval', { approval: 'PendingManualApproval' }, approved, /waits for approval/],
    ['is not complete', { status: 'InProgress' }, approved, /registration is InProgress/],
    ['comes from a testing run', { testing: true }, { requires: 'pending' }, /testing run/],
    ['was rejected', { approval: 'Rejected' }, { requires: 'pending' }, /rejected/],
    ['has no artifact', { artifact: { s3Uri: '', etag: null, sha256: null } }, approved, /no artifact/],
    [
      'was not released before',
      {},
      { ...approved, after: 'qa', releasedBefore: new Set([arnOf(1)]) },
      /not released to qa yet/,
    ],
    ['may not have been released before', {}, { ...approved, after: 'qa' }, /not released to qa yet/],
  ];
  for (const [what, over, policy, reason] of passedOver) {
    it(`is none that ${what}`, () => {
      const { version: none, skipped } = admitted([version(2, over)], policy);
      assert.equal(none, null);
      assert.match(skipped[0]?.reason ?? '', reason);
    });
  }

  it('may wait for approval where the environment says so', () => {
    const pending = version(2, { approval: 'PendingManualApproval' });
    assert.equal(admitted([version(1), pending], { requires: 'pending' }).version, pending);
  });

  it('follows the environment before it', () => {
    const policy = { ...approved, after: 'qa', releasedBefore: new Set([arnOf(1)]) };
    assert.equal(admitted([version(2), version(1)], policy).version?.version, 1);
  });

  it('never is a rejected, testing or lower one than need be, in whatever order they are listed', () => {
    const any = fc.uniqueArray(
      fc.record({
        n: fc.integer({ min: 1, max: 50 }),
        approval: fc.constantFrom('Approved' as const, 'Rejected' as const, 'PendingManualApproval' as const),
        testing: fc.boolean(),
        status: fc.constantFrom('Completed', 'Failed'),
      }),
      { selector: (v) => v.n },
    );
    fc.assert(
      fc.property(any, fc.constantFrom('approved' as const, 'pending' as const), (list, requires) => {
        const versions = list.map(({ n, ...over }) => version(n, over));
        const { version: best, skipped } = admitted(versions, { requires });
        const good = list.filter(
          (v) =>
            !v.testing &&
            v.status === 'Completed' &&
            (v.approval === 'Approved' || (requires === 'pending' && v.approval !== 'Rejected')),
        );
        assert.equal(best?.version ?? 0, Math.max(0, ...good.map((v) => v.n)));
        assert.equal(skipped.length, list.filter((v) => v.n > (best?.version ?? 0)).length);
        assert.deepEqual(admitted([...versions].reverse(), { requires }), { version: best, skipped });
      }),
    );
  });
});

describe('metadata', () => {
  it('holds only what SageMaker takes, whatever the names of metrics', () => {
    const metrics = fc.dictionary(fc.string({ minLength: 1 }), fc.double(), { maxKeys: 80, minKeys: 0 });
    fc.assert(
      fc.property(metrics, (some) => {
        const properties = toMetadata({ ...facts, metrics: some });
        assert.ok(Object.keys(properties).length <= 47, 'a decision adds three');
        for (const [key, value] of Object.entries(properties)) {
          assert.match(key, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u);
          assert.match(value, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
        }
      }),
    );
  });

  it('refuses to store a URI that would not be whole', () => {
    for (const evaluationUri of [`s3://b/${'x'.repeat(256)}`, 's3://b/a,b']) {
      assert.throws(
        () => toMetadata({ ...facts, evaluationUri }),
        (e) => e instanceof WarmstartError && e.code === 'registry.metadata-value',
      );
    }
  });
});
