import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parseDocument } from '../../src/evaluation/document';
import { parseProbes } from '../../src/registry/probes';
import { describeVersion } from '../../src/registry/versions';
import { useLoop } from './harness';

const models = ['delay-atl', 'delay-ord', 'delay-dfw'];
const environments = ['training', 'qa', 'production'];
const tuningColumns =
  'datetime,tuningjob,metric,layer,objective,eval_metric,eval_metric_value,trainingjobcount';
const evaluationColumns =
  'datetime,testing,trainingjob,objective,hyperparameter_tuning_metric,mae,rmse,stdev_error';

describe('The loop from the warehouse to three accounts', () => {
  const loop = useLoop();
  const rows = join(loop.home, 'rows.csv');
  /** What production answered after the first release, by target model. */
  const before = new Map<string, number[]>();
  let firstJobs = new Map<string, string | null>();
  const firstReleases = new Map<string, string>();

  async function ask(): Promise<Map<string, number[]>> {
    const answers = new Map<string, number[]>();
    for (const model of models) {
      const target = `${model}.tar.gz`;
      const answer = await loop.done('invoke', 'flights', target, '--env', 'production', '--data', rows);
      answers.set(target, answer.one('invoke').predictions);
    }
    return answers;
  }

  async function releaseEverywhere(): Promise<void> {
    for (const environment of environments) {
      const answer = await loop.done('release', 'flights', '--env', environment, '--yes');
      const released = answer.one('release.done');
      assert.equal(released.probes, 15);
      if (!firstReleases.has(environment)) firstReleases.set(environment, released.releaseId);
      const { targets, status } = (await loop.done('inspect', 'flights', '--env', environment)).one(
        'inspect',
      );
      assert.equal(status, 'InService');
      assert.deepEqual(
        targets.map((t) => [t.targetModel, t.approval, t.marks]),
        models.map((model) => [`${model}.tar.gz`, 'Approved', []]),
      );
    }
  }

  it('says that there is nothing yet, before anything was trained', async () => {
    assert.deepEqual((await loop.done('status')).events, []);
    assert.deepEqual((await loop.done('lineage', 'delay-atl')).one('lineage').nodes, []);
    await loop.fails(1, 'registry.no-version', 'compare', 'delay-atl');
    const { status, targets } = (await loop.done('inspect', 'flights', '--env', 'qa')).one('inspect');
    assert.deepEqual([status, targets.map((t) => t.marks)], [null, models.map(() => ['missing'])]);
    await loop.fails(3, 'release.refused', 'release', 'flights', '--env', 'training');
  });

  it('retrains every model from nothing', async () => {
    const answer = await loop.done('retrain', '--all', '--until', '2001-03-01');
    const runs = answer.all('retrain.done');
    assert.deepEqual(
      runs.map((run) => [run.model, run.status, run.version, run.parents, run.gatesPassed, run.testing]),
      models.map((model) => [model, 'completed', 1, [], true, false]),
    );
    for (const run of runs) {
      assert.match(run.coldStartReason ?? '', /no tuning job yet/);
      assert.deepEqual(run.window, { from: '2001-01-01', until: '2001-03-01' });
      assert.ok((run.metrics?.rmse ?? 0) > 0 && run.championMetrics === null);
      assert.equal(run.best?.succeeded, 2);
    }
    firstJobs = new Map(runs.map((run) => [run.model, run.tuningJob]));
  });

  it('leaves evaluation and probes behind each version, and the version points to them', async () => {
    const session = await loop.session();
    const store = await loop.store();
    const [run] = (await loop.done('status', '--limit', '1')).all('run');
    const version = await describeVersion(session, run?.packageArn ?? '');
    const folder = `evaluations/flights/${run?.model}/${run?.runId}`;
    assert.equal(version.evaluationUri, store.uri(`${folder}/evaluation.json`));
    const text = (await store.getText(`${folder}/evaluation.json`)) ?? '';
    // What Studio's registry page reads, in the shape it reads.
    assert.equal(typeof JSON.parse(text).regression_metrics.rmse.value, 'number');
    const evaluation = parseDocument(text);
    assert.equal(evaluation.candidate.trainingJob, version.trainingJob);
    assert.deepEqual(evaluation.candidate.scorecard.metrics.rmse, run?.metrics?.rmse);
    const probes = parseProbes(
      (await store.getText(`${folder}/probes.json`)) ?? '',
      version.probes?.sha256 ?? '',
    );
    assert.equal(probes.length, 5);
    assert.ok(probes.every((probe) => probe.row.length === 7 && probe.expected.length === 1));
    writeFileSync(rows, probes.map((probe) => probe.row.map((cell) => cell ?? '').join(',')).join('\n'));
  });

  it('keeps both histories as the article has them, in S3 and beside the project', async () => {
    const store = await loop.store();
    const tuning = (await store.getText('logs/tuningjobhistory.csv')) ?? '';
    assert.ok(tuning.startsWith(`${tuningColumns},`));
    assert.equal(loop.local('logs/tuningjobhistory.csv'), tuning);
    const jobs: Record<string, string>[] = parse(tuning, { columns: true });
    assert.deepEqual(
      jobs.map((row) => [row.metric, row.layer, row.objective, row.eval_metric, row.trainingjobcount]).sort(),
      models.map((model) => [model, 'flights', 'reg:squarederror', 'validation:rmse', '2']).sort(),
    );
    for (const row of jobs) {
      assert.equal(row.tuningjob, firstJobs.get(row.metric ?? ''));
      assert.match(row.datetime ?? '', /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d$/);
      assert.ok(Number(row.eval_metric_value) > 0);
      assert.match(row.package_arn ?? '', /model-package\/flights-delay-\w+\/1$/);
    }
    for (const model of models) {
      const history = (await store.getText(`flights/${model}/evaluationhistory.csv`)) ?? '';
      assert.ok(history.startsWith(`${evaluationColumns},`));
      assert.equal(loop.local(`logs/flights/${model}/evaluationhistory.csv`), history);
      const [row, ...more]: Record<string, string>[] = parse(history, { columns: true });
      assert.deepEqual([row?.testing, row?.gates_passed, more.length], ['False', 'True', 0]);
      assert.ok(Number(row?.mae) > 0 && Number(row?.rmse) > 0 && Number(row?.stdev_error) > 0);
    }
  });

  it('compares, is approved by a person, and is released to three accounts', async () => {
    const { evaluation, approval } = (await loop.done('compare', 'delay-ord')).one('compare');
    assert.deepEqual([evaluation.champion, approval], [null, 'PendingManualApproval']);
    for (const model of models) {
      const answer = await loop.done('approve', `flights-${model}/1`, '--comment', 'the first');
      assert.deepEqual(
        [answer.one('decision').approval, answer.one('decision').comment],
        ['Approved', 'the first'],
      );
    }
    await releaseEverywhere();
    for (const [target, predictions] of await ask()) {
      assert.ok(predictions.length === 5 && predictions.every(Number.isFinite));
      before.set(target, predictions);
    }
    const again = await loop.done('release', 'flights', '--env', 'qa');
    again.one('release.unchanged');
  });

  it('starts warm on new data from the tuning job that production came from', async () => {
    const runs = (await loop.done('retrain', '--all', '--until', '2001-04-01')).all('retrain.done');
    assert.deepEqual(
      runs.map((run) => [run.model, run.version, run.parents, run.coldStartReason]),
      models.map((model) => [model, 2, [firstJobs.get(model)], null]),
    );
    const { evaluation } = (await loop.done('compare', 'delay-ord')).one('compare');
    assert.deepEqual([evaluation.champion?.version, evaluation.championEnvironment], [1, 'production']);
    assert.ok(evaluation.differences.length > 0);
    const first = (await loop.done('compare', 'delay-ord', '--version', '1')).one('compare');
    assert.deepEqual([first.version, first.evaluation.champion], [1, null]);
    const { nodes } = (await loop.done('lineage', 'delay-ord')).one('lineage');
    assert.equal(nodes.length, 2);
  });

  it('releases the new versions and goes back to the old answers, bit for bit', async () => {
    for (const model of models)
      await loop.done('approve', `flights-${model}/2`, '--comment', 'fresher, whatever the gates say');
    await releaseEverywhere();
    const after = await ask();
    for (const [target, predictions] of after) assert.notDeepEqual(predictions, before.get(target));
    const back = (await loop.done('rollback', 'flights', '--env', 'production', '--yes')).one(
      'rollback.done',
    );
    assert.equal(back.rolledBackTo, firstReleases.get('production'));
    assert.equal(back.probes, 15);
    assert.deepEqual(await ask(), before);
    const { targets } = (await loop.done('inspect', 'flights', '--env', 'production')).one('inspect');
    assert.deepEqual(
      targets.map((t) => [t.version, t.admitted, t.marks]),
      models.map(() => [1, 2, ['stale']]),
    );
    await loop.fails(3, 'release.no-previous', 'rollback', 'flights', '--env', 'production', '--yes');
  });

  it('tells the newest runs and releases, to programs and to people', async () => {
    const status = await loop.done('status');
    assert.deepEqual(
      status.all('run').map((run) => [run.model, run.version, run.step]),
      models.flatMap((model) => [2, 1].map((version) => [model, version, 'done'])),
    );
    assert.deepEqual(
      status.all('release').map((r) => [r.environment, r.kind, r.status]),
      [
        ['training', 'release', 'released'],
        ['qa', 'release', 'released'],
        ['production', 'rollback', 'released'],
      ],
    );
    const { stdout, stderr, code } = await loop.plain('status', '--limit', '1');
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(stdout.match(/completed/g)?.length, 3);
    assert.match(stdout, /production +flights +\S+ +rollback +released/);
  });
});
