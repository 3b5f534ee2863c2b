import assert from 'node:assert/strict';
import { WarmstartError } from '../../../src/errors';
import {
  clientToken,
  registerVersion,
  registrationRequest,
  uuidV5,
  withoutCredentials,
} from '../../../src/registry/register';
import { quietTask } from '../../../src/task';
import { clientOf } from '../tuning/client';
import { arnOf, described, evaluation, registration, registry } from './fixtures';

describe('request of a registration', () => {
  const request = registrationRequest(registration);

  it('makes a version that waits for approval, with its artifact, evaluation and origin', () => {
    assert.equal(request.ModelApprovalStatus, 'PendingManualApproval');
    assert.equal(request.ModelPackageGroupName, 'flights-delay-ord');
    assert.deepEqual(request.InferenceSpecification, {
      Containers: [
        {
          Image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
          ModelDataUrl: 's3://acme-ml/output/job/output/model.tar.gz',
          ModelDataETag: 'abc-2',
        },
      ],
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['text/csv'],
    });
    assert.deepEqual(request.ModelMetrics?.ModelQuality?.Statistics, {
      ContentType: 'application/json',
      S3Uri: 's3://acme-ml/evaluations/flights/delay-ord/run-1/evaluation.json',
    });
    assert.equal(
      request.ModelPackageDescription,
      'delay-ord, run run-1: mae 5.25, rmse 11.1235, stdev_error 11.1, all gates passed.',
    );
    assert.equal(request.SkipModelValidation, 'All');
  });

  it('carries no password of the Git remote', () => {
    assert.deepEqual(request.MetadataProperties, {
      GeneratedBy: 'ws-delay-ord-0123456789-003-0a1b2c3d',
      CommitId: '0123456789abcdef',
      Repository: 'https://git.example.com/acme/ml.git',
    });
    assert.deepEqual(
      ['https://token@h/x', 'ssh://git@h/x', 'git@h:a/b.git', 'https://h/x@y'].map(withoutCredentials),
      ['https://h/x', 'ssh://h/x', 'git@h:a/b.git', 'https://h/x@y'],
    );
  });

  it('says openly that gates failed, that the work tree was dirty, that it is a test', () => {
    const gate = { gate: { metric: 'rmse', max: 1 }, candidate: 2, champion: null, reason: '' };
    const failed = registrationRequest({
      ...registration,
      git: { commit: 'c0ffee', dirty: true },
      evaluation: {
        ...evaluation,
        testing: true,
        gates: [
          { ...gate, passed: false },
          { ...gate, passed: true },
        ],
      },
    });
    assert.equal(failed.CustomerMetadataProperties?.gatesPassed, 'false');
    assert.equal(failed.CustomerMetadataProperties?.testing, 'true');
    assert.match(failed.ModelPackageDescription ?? '', /testing run run-1: .*1 of 2 gates failed/);
    assert.equal(failed.MetadataProperties?.CommitId, 'c0ffee (with uncommitted changes)');
  });

  it('has the same token at every attempt, and another for another job, group or account', () => {
    const token = clientToken(registry, 'g', 'job-1');
    assert.match(token, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(token, clientToken(registry, 'g', 'job-1'));
    const others = [
      clientToken(registry, 'g', 'job-2'),
      clientToken(registry, 'h', 'job-1'),
      clientToken({ ...registry, accountId: '222222222222' }, 'g', 'job-1'),
    ];
    assert.equal(new Set([token, ...others]).size, 4);
    // What Python's uuid.uuid5(uuid.NAMESPACE_URL, …) answers.
    assert.equal(uuidV5('http://www.ietf.org/rfc/rfc4122.txt'), 'd0690b3c-b29d-52e7-81b0-d573b503f2d4');
  });
});

describe('registering', () => {
  const request = registrationRequest(registration);
  const mine = described(5, {
    InferenceSpecification: request.InferenceSpecification,
    ModelApprovalStatus: 'PendingManualApproval',
  });
  const list = (...versions: number[]) => ({
    ModelPackageSummaryList: versions.map((n) => ({ ModelPackageArn: arnOf(n), ModelPackageVersion: n })),
  });

  it('creates the version and waits until it is complete', async () => {
    const looks = ['Pending', 'InProgress', 'Completed'] as const;
    let look = 0;
    const { client, sent } = clientOf({
      ListModelPackages: () => list(),
      CreateModelPackage: () => ({ ModelPackageArn: arnOf(5) }),
      DescribeModelPackage: () => ({ ...mine, ModelPackageStatus: looks[look++] }),
    });
    const { version, existed } = await registerVersion(client, registry, request, quietTask());
    assert.deepEqual([version.version, version.status, existed], [5, 'Completed', false]);
    assert.deepEqual(sent.find((s) => s.operation === 'CreateModelPackage')?.input, request);
  });

  it('answers the version that an earlier attempt registered', async () => {
    const { client, sent } = clientOf({
      ListModelPackages: () => list(6, 5, 4),
      DescribeModelPackage: ({ ModelPackageName: arn }) =>
        arn === arnOf(5) ? mine : described(Number(String(arn).split('/').pop())),
    });
    const { version, existed } = await registerVersion(client, registry, request, quietTask());
    assert.deepEqual([version.version, existed], [5, true]);
    assert.ok(!sent.some((s) => s.operation === 'CreateModelPackage'));
  });

  it('fails when the package does', async () => {
    const { client } = clientOf({
      ListModelPackages: () => list(),
      CreateModelPackage: () => ({ ModelPackageArn: arnOf(5) }),
      DescribeModelPackage: () => ({ ...mine, ModelPackageStatus: 'Failed' }),
    });
    await assert.rejects(
      registerVersion(client, registry, request, quietTask()),
      (e) => e instanceof WarmstartError && e.code === 'registry.registration-failed',
    );
  });
});
