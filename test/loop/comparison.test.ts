import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateModelPackageCommand, DeleteModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { parse } from 'csv-parse/sync';
import type { Comparison, ModelComparison } from '../../src/comparison/comparison';
import { toSevenDigits } from '../../src/comparison/history';
import type { PanelState } from '../../src/comparison/panel';
import { useLoop } from './harness';

/** Versions of one model side by side, as the command line reads them from the real (local) AWS. */
describe('A comparison', () => {
  const loop = useLoop();

  async function compared(...options: string[]): Promise<Comparison> {
    return (await loop.done('compare', 'delay-ord', ...options)).one('compare').comparison;
  }

  async function onlyModel(...options: string[]): Promise<ModelComparison> {
    const { models } = await compared(...options);
    assert.equal(models.length, 1);
    return models[0] ?? assert.fail();
  }

  const columns = (model: ModelComparison) => model.columns.map(({ version, role }) => `${version} ${role}`);
  const row = (model: ModelComparison, metric: string) =>
    model.metrics.find((each) => each.metric === metric) ?? assert.fail(metric);
  const change = (model: ModelComparison, section: string, name: string) =>
    model.changes.find((each) => each.section === section && each.name === name) ?? assert.fail(name);

  const query = (label: string) =>
    readFileSync(join(loop.home, 'project', 'sql', 'delay.sql'), 'utf8').replace(
      /^ {2}d\.delay,$/m,
      `  ${label},`,
    );

  /** A binary classifier and one with several classes, of the same data. */
  function addClassifiers(): void {
    const folder = join(loop.home, 'project', 'sql');
    writeFileSync(join(folder, 'late.sql'), query('(d.delay > 15)::int AS late'));
    writeFileSync(
      join(folder, 'class.sql'),
      query('(CASE WHEN d.delay < 0 THEN 0 WHEN d.delay < 15 THEN 1 ELSE 2 END) AS class'),
    );
    loop.edit(({ models, environments }) => {
      Object.assign(environments.production ?? assert.fail(), { promote: { requires: 'approved' } });
      const sample = models['delay-ord'] ?? assert.fail();
      const { unit: _, ...evaluation } = sample.evaluation as { unit?: string } & typeof sample.evaluation;
      const classifier = (label: string, objective: string, metrics: string[], extra: object = {}) => ({
        ...sample,
        packageGroup: `flights-${label}`,
        data: { ...sample.data, query: `sql/${label}.sql`, label },
        training: { ...sample.training, objective, ...extra },
        tuning: { ...sample.tuning, metric: `validation:${metrics[0]}` },
        evaluation: { ...evaluation, metrics, gates: [{ metric: metrics[0], maxRegressionPercent: 50 }] },
      });
      models.late = classifier('late', 'binary:logistic', ['auc', 'logloss']);
      models.class = classifier('class', 'multi:softprob', ['mlogloss', 'accuracy'], {
        hyperparameters: { num_class: 3 },
      });
    });
  }

  before(async function () {
    this.timeout(120_000);
    addClassifiers();
    const models = ['delay-ord', 'late', 'class'];
    await loop.done('retrain', ...models, '--until', '2001-03-01');
    await Promise.all(models.map((model) => loop.done('approve', `flights-${model}/1`)));
    await loop.done('release', 'flights', '--env', 'production', '--yes');
    await loop.done('retrain', ...models, '--until', '2001-04-01');
  });

  it('holds the newest version against what it was evaluated with, on the same rows', async () => {
    const model = await onlyModel();
    assert.deepEqual(columns(model), ['1 baseline', '2 candidate']);
    assert.deepEqual(
      [model.model, model.environment, model.endpoint, model.unit, model.headline, model.notes],
      ['delay-ord', 'production', 'flights', 'min', 'rmse', []],
    );
    const [baseline, candidate] = model.columns;
    assert.deepEqual(baseline?.test, candidate?.test);
    const binsOf = (column: typeof candidate) =>
      column?.scorecard?.features?.map(({ feature, bins }) => [feature, ...bins.map(({ label }) => label)]);
    assert.ok(binsOf(candidate)?.length);
    assert.deepEqual(binsOf(candidate), binsOf(baseline));
    const { unit, wanted, cells } = row(model, 'rmse');
    const difference = cells[1]?.difference ?? assert.fail();
    assert.deepEqual([unit, wanted, difference.shared], ['min', true, true]);
    assert.equal(difference.against, cells[0]?.value);
    assert.ok((difference.low ?? 0) <= difference.delta && difference.delta <= (difference.high ?? 0));
    const rows = (candidate?.test?.rows ?? 0).toLocaleString('en-US');
    const { sentence, gates, verdict } = candidate?.decision ?? assert.fail();
    assert.match(
      sentence,
      new RegExp(`^rmse [\\d.]+ min: .* than version 1 in production \\(95 %, ${rows} rows`),
    );
    assert.ok(['better', 'worse', 'uncertain'].includes(verdict), verdict);
    assert.deepEqual(
      gates.map(({ metric }) => metric),
      ['rmse'],
    );
  });

  it('tells what changed: hyperparameters, ranges, parents, data, code, artifact and cost', async () => {
    const model = await onlyModel();
    for (const name of ['eta', 'max_depth', 'num_round'])
      assert.ok(change(model, 'hyperparameters', name).values.every((value) => Number(value) > 0));
    assert.deepEqual(change(model, 'ranges', 'eta').values, Array(2).fill('0.1 – 0.5, Auto'));
    const [before, after] = change(model, 'tuning', 'tuning job').values;
    assert.notEqual(before, after);
    assert.deepEqual(change(model, 'tuning', 'parents').values, ['none', before]);
    assert.deepEqual(change(model, 'tuning', 'warm start').values, ['none', 'TransferLearning']);
    assert.deepEqual(change(model, 'data', 'window').values, [
      '2001-01-01 – 2001-03-01',
      '2001-01-01 – 2001-04-01',
    ]);
    assert.equal(change(model, 'data', 'parameter hub').equal, true);
    assert.equal(change(model, 'artifact', 'container').equal, true);
    for (const name of ['best training job, billable', 'whole tuning job, run time'])
      assert.ok(change(model, 'cost', name).values.every((value) => /^[\d,]+ s$/.test(value ?? '')));
    assert.deepEqual(model.queries, []);
    const [drift] = model.drift;
    assert.ok(drift?.features.some(({ feature, bins }) => feature === 'delay' && bins.length > 2));
    for (const { bins } of drift?.features ?? [])
      for (const side of ['candidate', 'baseline'] as const)
        assert.ok(Math.abs(bins.reduce((sum, bin) => sum + bin[side], 0) - 1) < 1e-9);
    assert.deepEqual(model.history.versions, [1, 2]);
    const { value } = row(model, 'rmse').cells[1] ?? assert.fail();
    assert.equal(model.history.metrics.rmse?.[1], toSevenDigits(value ?? Number.NaN));
  });

  it('takes the baseline from the environment that is chosen, and writes nothing', async () => {
    const from = loop.requests().length;
    const production = await onlyModel('--baseline', 'production');
    assert.deepEqual(columns(production), ['1 baseline', '2 candidate']);
    assert.equal(row(production, 'rmse').cells[1]?.difference?.shared, true);
    const qa = await onlyModel('--baseline', 'qa');
    assert.deepEqual(columns(qa), ['2 candidate']);
    assert.match(qa.notes.join(), /Nothing of delay-ord serves in qa yet\./);
    assert.equal(qa.columns[0]?.decision?.verdict, 'unknown');
    const both = await onlyModel('--version', '1', '2', '--baseline', 'production');
    assert.deepEqual(columns(both), ['1 baseline', '2 candidate']);
    assert.match(both.notes.join(), /Version 1 itself serves in production, so it is the baseline\./);
    const written = loop.requests(from).filter((r) => /^(Put|Create|Update|Copy|Delete)/.test(r.operation));
    assert.deepEqual(written, []);
    await loop.fails(2, 'project.unknown-environment', 'compare', 'delay-ord', '--baseline', 'nowhere');
  });

  it('prints differences for people, and all rows when asked', async () => {
    const { stdout } = await loop.plain('compare', 'delay-ord');
    assert.match(stdout, /^delay-ord: the baseline is version 1, in production\.$/m);
    assert.match(stdout, /^Version 2 \(waits for approval\): rmse /m);
    assert.match(stdout, /^metric +version 1 \(production\) +version 2 +version 2 is +95 % interval$/m);
    const itself = await loop.plain('compare', 'delay-ord', '--version', '1', '--baseline', 'production');
    assert.match(itself.stdout, /Version 1 itself serves in production/);
  });

  it('ends quietly when nobody reads on, as with head -1', async () => {
    for (const [command, options] of [
      [['compare', 'delay-ord'], []],
      [['compare', 'delay-ord'], ['--json']],
      [['--help'], []],
    ] as const) {
      const { child, answer } = loop.begin([...command], [...options]);
      child.stdout?.destroy();
      const { code, stderr } = await answer;
      assert.deepEqual([code, stderr], [0, '']);
    }
  });

  it('is written as a page, as Markdown and as CSV', async () => {
    const file = (name: string) => join(loop.home, name);
    const answer = await loop.plain(
      ...['compare', 'delay-ord', '--html', file('a.html')],
      ...['--csv', file('a.csv'), '--markdown', file('a.md')],
    );
    assert.equal(answer.code, 0, answer.stderr);
    assert.match(answer.stdout, /Wrote .*a\.html\./);
    const html = readFileSync(file('a.html'), 'utf8');
    const script = /<script>(.*)<\/script>/s.exec(html)?.[1] ?? assert.fail();
    const digest = createHash('sha256').update(script).digest('base64');
    assert.ok(html.includes(`script-src 'sha256-${digest}'`));
    const text = /<script type="application\/json" id="state">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    const state = JSON.parse(text) as Extract<PanelState, { kind: 'shown' }>;
    assert.deepEqual([state.kind, state.actions], ['shown', false]);
    assert.deepEqual(columns(state.comparison.models[0] ?? assert.fail()), ['1 baseline', '2 candidate']);
    const csv: Record<string, string>[] = parse(readFileSync(file('a.csv')), { columns: true });
    const rmse = csv.filter(({ metric }) => metric === 'rmse');
    assert.deepEqual(
      rmse.map(({ version, role, unit, same_rows }) => [version, role, unit, same_rows]),
      [
        ['1', 'baseline', 'min', ''],
        ['2', 'candidate', 'min', 'true'],
      ],
    );
    const printed = await loop.plain('compare', 'delay-ord', '--markdown');
    const untimed = (markdown: string) => markdown.replace(/\d\d:\d\d UTC/, '');
    assert.equal(untimed(printed.stdout), untimed(readFileSync(file('a.md'), 'utf8')));
    assert.match(printed.stdout, /^## Comparison of delay-ord$/m);
    assert.match(printed.stdout, /^\| rmse \| [\d.]+ min \| [\d.]+ min \| (better|worse) by /m);
    await loop.fails(2, 'usage.two-outputs', 'compare', 'delay-ord', '--markdown', '--csv');
  });

  it('says what is gone, and shows what is left', async () => {
    const store = await loop.store();
    const whole = await onlyModel();
    const { evaluationUri } = whole.columns[1] ?? assert.fail();
    const key = (evaluationUri ?? '').replace(store.uri(''), '');
    await store.delete([key]);
    const model = await onlyModel('--baseline', 'production');
    assert.match(model.notes.join(), /The evaluation of version 2 could not be read: .* is not there\./);
    const [, candidate] = model.columns;
    assert.deepEqual([candidate?.scorecard, candidate?.test], [null, null]);
    const { value, difference } = row(model, 'rmse').cells[1] ?? assert.fail();
    assert.ok((value ?? 0) > 0, 'the registry remembers its metrics');
    assert.equal(difference?.shared, false);
    assert.equal(candidate?.decision?.verdict, 'uncertain');

    // Measured anew on the same rows, it is the very same difference; the interval is drawn from the same seed.
    const from = loop.requests().length;
    const anew = await onlyModel('--baseline', 'production', '--measure');
    assert.match(anew.notes.join(), /Version 1 in production was measured here on the test set of version 2/);
    for (const metric of ['rmse', 'mae', 'bias']) assert.deepEqual(row(anew, metric), row(whole, metric));
    assert.deepEqual(anew.columns[1]?.scorecard, whole.columns[1]?.scorecard);
    assert.deepEqual(anew.columns[1]?.test?.sha256, whole.columns[1]?.test?.sha256);
    const written = loop.requests(from).filter((r) => /^(Put|Create|Update|Copy|Delete)/.test(r.operation));
    assert.deepEqual(written, []);

    const test = whole.columns[1]?.test?.s3Uri ?? assert.fail();
    await store.put(test.replace(store.uri(''), ''), '1,2,3,4,5,6,7,8\n');
    const changed = await onlyModel('--baseline', 'production', '--measure');
    assert.match(
      changed.notes.join(),
      /could not be measured on .* is not the file any more that was measured on/,
    );
    assert.equal(row(changed, 'rmse').cells[1]?.difference?.shared, false);
  });

  it('never takes what another account serves for the baseline', async () => {
    await loop.editedFor(
      ({ environments: { production } }) =>
        Object.assign(production ?? assert.fail(), { profile: 'sandbox-qa' }),
      async () => {
        const model = await onlyModel('--baseline', 'production');
        assert.deepEqual(columns(model), ['2 candidate']);
        assert.match(
          model.notes.join(),
          /What serves in production could not be read: .* belongs to account 222222222222/,
        );
      },
    );
  });

  describe('of a classifier', () => {
    const modelNamed = async (model: string): Promise<ModelComparison> =>
      (await loop.done('compare', model)).one('compare').comparison.models[0] ?? assert.fail();
    const total = (counts: (number | null)[]) => counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);

    it('draws ROC, calibration and deciles of probabilities, the same rows for both', async () => {
      const { kind, headline, unit, metrics, columns } = await modelNamed('late');
      assert.deepEqual([kind, headline, unit, columns.length], ['binary', 'auc', null, 2]);
      const auc = metrics.find(({ metric }) => metric === 'auc') ?? assert.fail();
      for (const [i, { scorecard, test }] of columns.entries()) {
        const {
          roc = [],
          calibration = [],
          deciles = [],
          confusion,
          features = [],
        } = scorecard ?? assert.fail();
        const rows = test?.rows ?? assert.fail();
        assert.equal(total(calibration?.map((bin) => bin.rows) ?? []), rows);
        assert.equal(total(deciles?.map((group) => group.rows) ?? []), rows);
        assert.equal(total(confusion?.counts.flat() ?? []), rows);
        for (const { bins } of features ?? []) assert.equal(total(bins.map((bin) => bin.rows)), rows);
        const area = (roc ?? []).reduce((sum, { falsePositiveRate: x, truePositiveRate: y }, at, all) => {
          const before = all[at - 1] ?? { falsePositiveRate: 0, truePositiveRate: 0 };
          return sum + ((x! - before.falsePositiveRate!) * (y! + before.truePositiveRate!)) / 2;
        }, 0);
        assert.ok(Math.abs(area - (auc.cells[i]?.value ?? 0)) < 0.005, `${area}`);
        assert.ok(features?.some(({ bins }) => bins.some(({ error }) => error !== null && error <= 1)));
      }
      const { low, high, delta, verdict } = auc.cells[1]?.difference ?? assert.fail();
      assert.ok(low! <= delta && delta <= high!);
      assert.equal(verdict, low! <= 0 && high! >= 0 ? 'uncertain' : delta > 0 ? 'better' : 'worse');
      const label = columns[1]?.decision?.sentence ?? '';
      assert.match(label, /^auc 0\.\d+: .* than version 1 in production \(95 %, [\d,]+ rows that both/);
    });

    it('counts what each class was taken for', async () => {
      const { kind, headline, metrics, columns, drift } = await modelNamed('class');
      assert.deepEqual([kind, headline], ['multiclass', 'mlogloss']);
      const { confusion, features, roc } = columns[1]?.scorecard ?? assert.fail();
      assert.deepEqual(confusion?.labels, ['0', '1', '2']);
      const right = total(confusion?.counts.map((line, k) => line[k] ?? 0) ?? []);
      const accuracy = metrics.find(({ metric }) => metric === 'accuracy')?.cells[1]?.value ?? 0;
      assert.ok(Math.abs(right / (columns[1]?.test?.rows ?? 0) - accuracy) < 1e-12);
      assert.equal(roc ?? null, null);
      assert.ok(features?.every(({ bins }) => bins.every(({ bias }) => bias === null)));
      assert.ok(drift[0]?.features.some(({ feature }) => feature === 'class'));
    });
  });

  describe('of versions that lack something', () => {
    const modelOf = async (...options: string[]): Promise<ModelComparison> =>
      (await loop.done('compare', 'class', ...options)).one('compare').comparison.models[0] ?? assert.fail();
    const remove = async (arn = '') => {
      const session = await loop.session();
      await session.sagemaker().send(new DeleteModelPackageCommand({ ModelPackageName: arn }));
    };

    it('says in a sentence that nothing was measured, without an empty table', async () => {
      const session = await loop.session();
      const whole = await modelOf();
      const artifact = (name: string) => change(whole, 'artifact', name).values[0] ?? assert.fail();
      const { ModelPackageArn } = await session.sagemaker().send(
        new CreateModelPackageCommand({
          ModelPackageGroupName: 'flights-class',
          ModelApprovalStatus: 'PendingManualApproval',
          InferenceSpecification: {
            Containers: [{ Image: artifact('image'), ModelDataUrl: artifact('artifact') }],
            SupportedContentTypes: ['text/csv'],
            SupportedResponseMIMETypes: ['text/csv'],
          },
        }),
      );
      const { code, stdout } = await loop.plain('compare', 'class', '--version', '3');
      assert.equal(code, 0);
      assert.match(stdout, /^No metric is known of any of these versions\.$/m);
      assert.ok(!/^metric|─/m.test(stdout), stdout);
      await remove(ModelPackageArn);
    });

    it('keeps the baseline as the evaluation knows it, and leaves out what is gone', async () => {
      const whole = await modelOf();
      const [before, candidate] = whole.columns;
      await remove(before?.arn);
      for (const options of [[], ['--baseline', 'production'], ['--version', '1', '2']]) {
        const left = await modelOf(...options);
        assert.deepEqual(columns(left), ['1 baseline', '2 candidate']);
        assert.deepEqual(left.metrics, whole.metrics);
        assert.deepEqual(left.columns[1], candidate);
        const [baseline] = left.columns;
        assert.deepEqual(
          [baseline?.status, baseline?.scorecard, baseline?.trainingJob],
          ['Deleted', before?.scorecard, before?.trainingJob],
        );
        assert.match(baseline?.refusals.approve ?? '', /not in the registry any more\.$/);
        assert.match(baseline?.refusals.reject ?? '', /not in the registry any more\.$/);
        const eta = (model: ModelComparison) => change(model, 'hyperparameters', 'eta').values;
        assert.deepEqual(eta(left), eta(whole));
        assert.match(
          left.notes.join(),
          /^(.*,)?Version 1, which (serves in production|this was evaluated against), is not/,
        );
        assert.ok(!/could not be read|without an evaluation/.test(left.notes.join()), left.notes.join());
        assert.equal(
          left.notes.includes('Version 1 of flights-class is not in the registry any more.'),
          options.includes('1'),
        );
      }
      await loop.fails(1, 'comparison.deleted', 'compare', 'class', '--version', '1');
      await remove(candidate?.arn);
      const { message } = await loop.fails(
        1,
        'comparison.deleted',
        ...['compare', 'class', '--version', '1', '2'],
      );
      assert.match(
        message,
        /^Version 1 of flights-class .* Version 2 of flights-class is not in the registry/,
      );
    });
  });
});
