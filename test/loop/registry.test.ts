import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import {
  CreateHyperParameterTuningJobRequest$,
  CreateModelPackageCommand,
  type CreateModelPackageCommandInput,
} from '@aws-sdk/client-sagemaker';
import { NormalizedSchema } from '@smithy/core/schema';
import { isAccessDenied } from '../../src/aws/errors';
import { openSession, type Session } from '../../src/aws/session';
import { Store } from '../../src/aws/store';
import { WarmstartError } from '../../src/errors';
import type { Environment } from '../../src/project/project';
import { decide } from '../../src/registry/approval';
import { ensureGroup, ensureGroupReadable, groupArn } from '../../src/registry/groups';
import { bucketPolicy } from '../../src/registry/policy';
import { loadProbes, probeFile } from '../../src/registry/probes';
import { registerVersion, registrationRequest } from '../../src/registry/register';
import { describeVersion, findAdmitted, listSummaries, type Version } from '../../src/registry/versions';
import type { Limits } from '../../src/sandbox/protocol/limits';
import { validate } from '../../src/sandbox/protocol/validate';
import data from '../../src/sandbox/sagemaker/limits.json';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox';
import { quietTask } from '../../src/task';
import { tuningRequest } from '../../src/tuning/definition';
import { evaluation, registration } from '../unit/registry/fixtures';
import { candidate, modelWith, plan } from '../unit/tuning/fixtures';

const group = 'flights-delay-ord';
const bucket = 'registry-test-training';
const artifactKey = 'output/job/output/model.tar.gz';

describe('the registry over HTTP', function () {
  this.timeout(60_000);
  let home: string;
  let sandbox: Sandbox;
  let training: Session;
  let production: Session;
  let store: Store;
  const registry = environment('training', '111111111111');
  const arn = groupArn(registry, group);
  const environmentBefore = { ...process.env };
  const { model } = modelWith();
  const task = quietTask();
  const requests = new Map<string, CreateModelPackageCommandInput>();

  before(async () => {
    home = mkdtempSync(join(tmpdir(), 'warmstart-registry-'));
    sandbox = await startSandbox({ port: 0, home, speed: 1000 });
    for (const name of Object.keys(process.env))
      if (name.startsWith('AWS_') && !name.startsWith('AWS_SDK_JS_')) delete process.env[name];
    process.env.AWS_CONFIG_FILE = sandbox.configFile;
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(home, 'none');
    training = await openSession(registry);
    production = await openSession(environment('production', '333333333333'));
    store = new Store(training);
    await store.ensureBucket({ versioning: true });
  });

  after(async () => {
    training?.close();
    production?.close();
    await sandbox?.close();
    rmSync(home, { recursive: true, force: true });
    for (const name of Object.keys(process.env)) if (!(name in environmentBefore)) delete process.env[name];
    Object.assign(process.env, environmentBefore);
  });

  /** Registers the candidate of a training job whose artifact is there. */
  async function register(job: string, testing = false): Promise<{ version: Version; existed: boolean }> {
    const key = artifactKey.replace('job', job);
    const { etag } = await store.put(key, `bytes of ${job}`);
    const { text, sha256 } = probeFile({
      model: model.name,
      trainingJob: job,
      probes: [{ row: [1, null], expected: [2] }],
    });
    const probesKey = `evaluations/flights/delay-ord/${job}/probes.json`;
    await store.put(probesKey, text);
    const request = registrationRequest({
      ...registration,
      registry,
      evaluation: {
        ...evaluation,
        testing,
        candidate: {
          ...evaluation.candidate,
          trainingJob: job,
          artifact: { s3Uri: store.uri(key), etag, sha256: 'f00d' },
        },
      },
      probes: { s3Uri: store.uri(probesKey), sha256 },
    });
    requests.set(job, request);
    return registerVersion(training, registry, request, task);
  }

  const decision = (version: Version, what: 'Approved' | 'Rejected', comment = '') =>
    decide(training, {
      arn: version.arn,
      decision: what,
      comment,
      expect: version,
      by: 'arn:aws:iam::111111111111:user/sandbox',
    });

  it('has no versions of a group before the first run', async () => {
    assert.deepEqual(await listSummaries(training, arn), []);
  });

  it('creates the group once and registers an artifact once, however often it is tried', async () => {
    assert.deepEqual(await ensureGroup(training, model, registry), { created: true });
    assert.deepEqual(await ensureGroup(training, model, registry), { created: false });
    const first = await register('job-1');
    assert.deepEqual(
      [first.version.version, first.version.approval, first.version.status, first.existed],
      [1, 'PendingManualApproval', 'Completed', false],
    );
    const again = await register('job-1');
    assert.deepEqual([again.version.arn, again.existed], [first.version.arn, true]);
    const second = await register('job-2');
    assert.equal(second.version.version, 2);
    // The answer to a call was lost, and the list does not show the version yet: the token alone must do.
    const repeated = await training.sagemaker().send(new CreateModelPackageCommand(requests.get('job-2')!));
    assert.equal(repeated.ModelPackageArn, second.version.arn);
    assert.equal((await listSummaries(training, arn)).length, 2);
  });

  it('tells over the wire what was registered', async () => {
    const [newest] = await listSummaries(training, arn);
    assert.ok(newest);
    const version = await describeVersion(training, newest.arn);
    assert.deepEqual(
      [
        version.trainingJob,
        version.runId,
        version.testing,
        version.gatesPassed,
        version.commit,
        version.imageVersion,
      ],
      ['job-2', 'run-1', false, true, '0123456789abcdef', '1.7-1'],
    );
    assert.deepEqual(version.metrics, { mae: 5.25, rmse: 11.123456789, stdev_error: 11.1 });
    assert.equal(
      version.artifact.etag,
      (await store.head('output/job-2/output/model.tar.gz'))?.etag.replaceAll('"', ''),
    );
    assert.deepEqual(await loadProbes(store, version.probes), [{ row: [1, null], expected: [2] }]);
  });

  it('is closed to other accounts until the policies let them read', async () => {
    await assert.rejects(listSummaries(production, arn), (e) => isAccessDenied(e));
    const readers = [registry.accountId, '333333333333'];
    assert.deepEqual(await ensureGroupReadable(training, registry, group, readers), { changed: true });
    assert.deepEqual(await ensureGroupReadable(training, registry, group, readers), { changed: false });
    const versions = await listSummaries(production, arn);
    assert.deepEqual(
      versions.map((v) => v.version),
      [2, 1],
    );
    const version = await describeVersion(production, versions[0]?.arn ?? '');
    const there = new Store(production, bucket, { owner: registry.accountId });
    await assert.rejects(loadProbes(there, version.probes), (e) => isAccessDenied(e));
    const policy = bucketPolicy(undefined, ['333333333333'], bucket, 'us-east-1');
    await training.s3().send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
    assert.equal((await loadProbes(there, version.probes)).length, 1);
    assert.ok(await there.head('output/job-2/output/model.tar.gz'));
    await assert.rejects(there.get('datasets/secret.csv'), (e) => isAccessDenied(e));
    await assert.rejects(
      decide(production, { arn: version.arn, decision: 'Approved', comment: '', expect: version, by: 'x' }),
      (e) => isAccessDenied(e),
    );
  });

  it('goes back to the version below when the one above is rejected, seen from the other account', async () => {
    const admit = async () =>
      (await findAdmitted(production, arn, { requires: 'approved' })).version?.version;
    assert.equal(await admit(), undefined);
    const [two, one] = await Promise.all(
      (await listSummaries(training, arn)).map((s) => describeVersion(training, s.arn)),
    );
    assert.ok(one && two);
    await decision(one, 'Approved');
    assert.equal(await admit(), 1);
    const approved = await decision(two, 'Approved', 'better at night');
    assert.deepEqual(
      [approved.approval, approved.comment, approved.approvedBy],
      ['Approved', 'better at night', 'arn:aws:iam::111111111111:user/sandbox'],
    );
    assert.equal(approved.trainingJob, 'job-2', 'a decision keeps the other metadata');
    assert.equal(await admit(), 2);
    await assert.rejects(
      decision(two, 'Rejected', 'late'),
      (e) => e instanceof WarmstartError && e.code === 'registry.stale',
    );
    assert.equal(await admit(), 2, 'a stale decision changes nothing');
    const rejected = await decision(approved, 'Rejected', 'it drifts, "badly" {x}');
    assert.equal(rejected.comment, 'it drifts, "badly" {x}');
    assert.equal(await admit(), 1);
  });

  it('never admits nor approves a testing run', async () => {
    const { version } = await register('job-3', true);
    assert.equal(version.testing, true);
    await assert.rejects(
      decision(version, 'Approved', 'please'),
      (e) => e instanceof WarmstartError && e.code === 'registry.testing',
    );
    const found = await findAdmitted(training, arn, { requires: 'pending' });
    assert.equal(found.version?.version, 1);
    assert.match(found.skipped[0]?.reason ?? '', /testing run/);
  });
});

describe('tuning requests against the model of the service', () => {
  const limits: Limits = data;
  const schema = NormalizedSchema.of(CreateHyperParameterTuningJobRequest$);
  const ranges = { eta: { min: 0.1, max: 0.5 }, num_round: { min: 1, max: 400 } };
  const parents = Array.from({ length: 5 }, (_, i) => candidate(`ws-delay-ord-${i}`));
  const requests = {
    'a cold start': tuningRequest(plan()),
    'a warm start from five': tuningRequest(plan({ tuning: { ranges } }), parents),
    'a test': tuningRequest(plan({ tuning: { strategy: 'Hyperband' } }, { testing: true })),
    Hyperband: tuningRequest(plan({ tuning: { strategy: 'Hyperband', randomSeed: 1 } })),
    'spot in a network of one’s own': tuningRequest(
      plan({
        environment: {
          kmsKeyId: 'k',
          vpc: { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
          tags: { team: 'a, b' },
        },
        training: { spot: { maxWaitSeconds: 90_000 } },
      }),
    ),
  };
  for (const [what, request] of Object.entries(requests)) {
    it(`are valid for ${what}`, () => {
      validate(schema, request, limits);
    });
  }

  it('would be refused with a wrong name, so that the check can fail', () => {
    const wrong = { ...tuningRequest(plan()), HyperParameterTuningJobName: 'x'.repeat(33) };
    assert.throws(() => validate(schema, wrong, limits), /hyperParameterTuningJobName/);
  });
});

function environment(name: string, accountId: string): Environment {
  return {
    name,
    accountId,
    region: 'us-east-1',
    profile: `sandbox-${name}`,
    bucket: name === 'training' ? bucket : `registry-test-${name}`,
    executionRoleArn: `arn:aws:iam::${accountId}:role/SageMaker`,
    protected: false,
    promote: { requires: 'approved' },
    tags: {},
  };
}
