import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeVersion } from '../../src/registry/versions';
import { useLoop } from './harness';

const until = ['--until', '2001-02-15'];

/** Calls of the AWS API that change something; how reads are named is AWS's own custom. */
const isWrite = (operation: string) => !/^(Get|List|Head|Describe|Search|AssumeRole)/.test(operation);

describe('Runs that are not the usual case', () => {
  const loop = useLoop();

  it('refuse to write with the profile of another account', async () => {
    const from = loop.requests().length;
    const error = await loop.fails(
      3,
      'aws.wrong-account',
      '--profile',
      'sandbox-qa',
      'retrain',
      'delay-atl',
      ...until,
    );
    assert.match(error.message, /account 111111111111.*sandbox-qa.*222222222222/);
    const requests = loop.requests().slice(from);
    assert.ok(requests.some(({ account }) => account === '222222222222'));
    assert.deepEqual(
      requests.filter(({ operation }) => isWrite(operation)).map(({ operation }) => operation),
      [],
    );
  });

  it('take the profile of one environment, and let one be named for each', async () => {
    await loop.fails(
      3,
      'aws.wrong-account',
      ...['--profile', 'qa=sandbox-qa', '--profile', 'training=sandbox-qa', 'retrain', 'delay-atl', ...until],
    );
    await loop.fails(2, 'project.unknown-environment', '--profile', 'qaa=sandbox-qa', 'status');
    await loop.fails(2, 'aws.unknown-profile', '--profile', 'nobody', 'status');
  });

  it('run one job when testing, and what comes of it is never approved, released or learnt from', async () => {
    const run = (await loop.done('retrain', 'delay-atl', '--testing', ...until)).one('retrain.done');
    assert.deepEqual([run.testing, run.version, run.best?.succeeded], [true, 1, 1]);
    assert.match(run.coldStartReason ?? '', /testing/);
    const version = await describeVersion(await loop.session(), run.packageArn ?? '');
    assert.equal(version.testing, true);
    await loop.fails(3, 'registry.testing', 'approve', 'flights-delay-atl/1', '--comment', 'please');
    await loop.editedFor(
      (file) => {
        (file.environments.qa ?? { bucket: '' }).promote = { requires: 'pending' };
      },
      async () => {
        const answer = await loop.cli('release', 'flights', '--env', 'qa');
        assert.equal(answer.one('error').code, 'release.refused');
        const [target] = answer.one('release.plan').targets;
        assert.deepEqual([target?.action, target?.notes.length], ['absent', 1]);
        assert.match(target?.notes[0] ?? '', /testing run/);
      },
    );
    const next = (await loop.done('retrain', 'delay-atl', ...until)).one('retrain.done');
    assert.deepEqual([next.parents, next.version], [[], 2]);
    assert.match(loop.local('logs/flights/delay-atl/evaluationhistory.csv'), /,True,.*\n.*,False,/);
  });

  it('of which one fails stop no other, and the failure is told once, with what to do', async () => {
    const sql = join(loop.home, 'project', 'sql', 'broken.sql');
    writeFileSync(
      sql,
      'SELECT delay FROM no_such_table WHERE origin = {{hub}} AND departed >= {{from}} AND departed < {{until}}',
    );
    await loop.editedFor(
      (file) => {
        const { data } = file.models['delay-ord'] ?? assert.fail();
        data.query = 'sql/broken.sql';
      },
      async () => {
        const answer = await loop.cli('retrain', '--all', ...until);
        assert.equal(answer.code, 1);
        assert.deepEqual(
          answer.all('retrain.done').map((run) => run.model),
          ['delay-atl', 'delay-dfw'],
        );
        const error = answer.one('error');
        assert.match(error.message, /no_such_table/);
        assert.ok(error.remedy);
        const { stdout, stderr, code } = await loop.plain('retrain', 'delay-ord', ...until);
        assert.equal(code, 1);
        assert.equal(`${stdout}${stderr}`.match(/no_such_table/g)?.length, 1);
        assert.match(stderr, new RegExp(`error ${error.code}: `));
        const failed = (await loop.done('status')).all('run').filter((run) => run.model === 'delay-ord');
        assert.deepEqual(
          failed.map((run) => [run.status, run.step]),
          [
            ['failed', 'export'],
            ['failed', 'export'],
          ],
        );
      },
    );
    // With the query mended, the same run goes on.
    const [interrupted] = (await loop.done('status')).all('run').filter((run) => run.model === 'delay-ord');
    const mended = (await loop.done('resume', 'delay-ord')).one('retrain.done');
    assert.deepEqual([mended.runId, mended.status], [interrupted?.runId, 'completed']);
  });

  it('register what fails a gate, and approving it needs a reason', async () => {
    await loop.editedFor(
      (file) => {
        const { evaluation } = file.models['delay-dfw'] ?? assert.fail();
        evaluation.gates = [{ metric: 'rmse', max: 0.001 }];
      },
      async () => {
        const run = (await loop.done('retrain', 'delay-dfw', ...until)).one('retrain.done');
        assert.equal(run.gatesPassed, false);
        const { evaluation } = (await loop.done('compare', 'delay-dfw')).one('compare');
        assert.deepEqual(
          evaluation.gates.map((gate) => gate.passed),
          [false],
        );
        const version = `flights-delay-dfw/${run.version}`;
        await loop.fails(3, 'registry.reason-needed', 'approve', version);
        const answer = await loop.done('approve', version, '--comment', 'the old one is broken');
        assert.equal(answer.one('decision').approval, 'Approved');
        await loop.fails(3, 'registry.already-decided', 'approve', version, '--comment', 'again');
        await loop.fails(3, 'registry.reason-needed', 'reject', version);
      },
    );
  });

  it('evaluate by Batch Transform to the same metrics as on this machine', async () => {
    const runOf = async (engine: string) => {
      let metrics: Record<string, number> = {};
      await loop.editedFor(
        (file) => {
          for (const model of Object.values(file.models)) model.evaluation.engine = engine;
        },
        async () => {
          const run = (await loop.done('retrain', 'delay-dfw', ...until)).one('retrain.done');
          const { evaluation } = (await loop.done('compare', 'delay-dfw')).one('compare');
          assert.equal(evaluation.candidate.engine, engine);
          metrics = { ...run.metrics };
        },
      );
      return metrics;
    };
    // A cold start from one seed trains the same model twice.
    loop.edit((file) => {
      const { tuning } = file.models['delay-dfw'] ?? assert.fail();
      Object.assign(tuning, { warmStart: false, randomSeed: 7, strategy: 'Random', maxParallelJobs: 1 });
    });
    const local = await runOf('local');
    const batch = await runOf('batch-transform');
    assert.deepEqual(Object.keys(batch), Object.keys(local));
    for (const [name, value] of Object.entries(local))
      assert.ok(Math.abs((batch[name] ?? Number.NaN) - value) <= 1e-6 * Math.abs(value), name);
  });

  it('never compare with what another account serves under the name of production', async () => {
    const stranger = ['--profile', 'production=sandbox-qa'];
    const error = await loop.fails(
      3,
      'aws.wrong-account',
      ...[...stranger, 'retrain', 'delay-atl', '--testing', ...until],
    );
    assert.match(error.message, /"production" is account 333333333333.*sandbox-qa.*222222222222/);
    const run = (await loop.done('resume', 'delay-atl')).one('retrain.done');
    assert.equal(run.status, 'completed');
  });
});
