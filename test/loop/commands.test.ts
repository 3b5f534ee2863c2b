import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mapParallel } from '../../src/task';
import { archiveOf, fixture } from './publishing';

const root = resolve(__dirname, '../..');
const sample = join(root, 'media', 'sample', 'project');

/** The command line without any AWS: what it says of itself, of a wrong line, and of files. */
describe('The command line', () => {
  let folder: string;

  function warmstart(...line: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const none = join(folder, 'none');
    const env = { ...process.env, AWS_CONFIG_FILE: none, AWS_SHARED_CREDENTIALS_FILE: none };
    const cli = join(root, 'dist', 'cli.js');
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [cli, ...line], { cwd: folder, env }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }

  /** The one error of a `--json` command, with its exit code. */
  async function fails(...line: string[]): Promise<{ exit: number; code: string; message: string }> {
    const { code: exit, stdout } = await warmstart('--json', ...line);
    const lines = stdout.trim().split('\n');
    assert.equal(lines.length, 1, stdout);
    return { ...JSON.parse(lines[0] ?? ''), exit };
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'warmstart-commands-'));
    cpSync(sample, folder, { recursive: true });
    writeFileSync(join(folder, 'model.tar.gz'), await archiveOf(fixture('1.7.4/logistic.bin')));
    writeFileSync(join(folder, 'xgboost-model'), fixture('1.7.4/squarederror.bin'));
    writeFileSync(join(folder, 'features.csv'), fixture('1.7.4/features.csv'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('explains every command, with an example', async () => {
    const commands = (help: string) =>
      [...(help.split('Commands:')[1] ?? '').matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name as string);
    const { code, stdout } = await warmstart('--help');
    assert.equal(code, 0);
    const found = commands(stdout);
    const documented = readFileSync(join(root, 'docs', 'cli.md'), 'utf8');
    assert.ok(found.length >= 16, found.join());
    for (const name of found)
      assert.match(documented, new RegExp(`\`${name}[ \`]`), `docs/cli.md tells of ${name}`);
    const parts = commands((await warmstart('sandbox', '--help')).stdout).map((part) => `sandbox ${part}`);
    assert.deepEqual(parts, ['sandbox up', 'sandbox down', 'sandbox reset']);
    await mapParallel([...found.filter((name) => name !== 'sandbox'), ...parts], 3, async (name) => {
      const help = await warmstart(...name.split(' '), '--help');
      assert.match(help.stdout, new RegExp(`Example:\\n {2}warmstart ${name}`), name);
    });
  });

  it('takes a wrong line for what it is: exit code 2', async () => {
    for (const line of [
      [],
      ['frobnicate'],
      ['release', 'flights'],
      ['release', 'flights', '--env', 'qa', '--frobnicate'],
      ['retrain', '--parallel'],
    ]) {
      const { code, stdout, stderr } = await warmstart(...line);
      assert.deepEqual([code, stdout], [2, ''], line.join(' '));
      assert.match(stderr, /error:|Usage:/, line.join(' '));
    }
    const faults = [
      ['project.unknown-model', 'retrain', 'nobody'],
      ['project.unknown-endpoint', 'inspect', 'nobody', '--env', 'qa'],
      ['project.unknown-environment', 'inspect', 'flights', '--env', 'nowhere'],
      ['usage.no-model', 'retrain'],
      ['usage.number', 'retrain', 'delay-atl', '--parallel', '0'],
      ['usage.number', 'compare', 'delay-atl', '--version', 'x'],
      ['usage.version', 'approve', 'flights'],
      ['usage.no-file', 'invoke', 'flights', 'delay-atl.tar.gz', '--data', 'none'],
      ['usage.number', 'sandbox', 'up', '--port', 'x', '--home', 'h'],
      ['usage.no-file', 'predict', '--artifact', 'none', '--data', 'features.csv'],
      ['usage.no-file', 'evaluate', '--artifact', 'model.tar.gz', '--data', 'none'],
    ] as const;
    await mapParallel(faults, 3, async ([code, ...line]) => {
      const fault = await fails(...line);
      assert.deepEqual([fault.exit, fault.code], [2, code]);
    });
  });

  it('says where a project file is wrong, to the line and the column', async () => {
    const file = join(folder, 'broken.json');
    const text = readFileSync(join(folder, 'warmstart.json'), 'utf8');
    writeFileSync(file, text.replace('"registry": "training"', '"registry": "trainig"'));
    const wrong = await fails('--project', file, 'status');
    assert.deepEqual([wrong.exit, wrong.code], [2, 'project.invalid']);
    assert.match(wrong.message, /broken\.json:2:15: /);
    writeFileSync(file, '{\n  "registry" "training"\n}');
    assert.match((await fails('--project', file, 'status')).message, /broken\.json:2:\d+: /);
    const { code } = await fails('--project', tmpdir(), 'status');
    assert.equal(code, 'project.not-found');
  });

  it('predicts as XGBoost does, from an archive and from a bare file', async () => {
    for (const [artifact, name] of [
      ['model.tar.gz', 'logistic'],
      ['xgboost-model', 'squarederror'],
    ] as const) {
      const expected = fixture(`1.7.4/${name}.predictions.csv`).toString().trim().split('\n').map(Number);
      const { code, stdout } = await warmstart('predict', '--artifact', artifact, '--data', 'features.csv');
      assert.equal(code, 0);
      const lines = stdout.trim().split('\n');
      assert.deepEqual(lines.map(Number).map(Math.fround), expected.map(Math.fround));
      const json = await warmstart('--json', 'predict', '--artifact', artifact, '--data', 'features.csv');
      const { predictions, rows } = JSON.parse(json.stdout) as { predictions: number[][]; rows: number };
      assert.deepEqual([rows, predictions.flat()], [expected.length, expected.map(Math.fround)]);
    }
    const margins = await warmstart(
      'predict',
      '--artifact',
      'model.tar.gz',
      '--data',
      'features.csv',
      '--margin',
    );
    const expected = fixture('1.7.4/logistic.margins.csv').toString().trim().split('\n');
    assert.deepEqual(
      margins.stdout.trim().split('\n').map(Number).map(Math.fround),
      expected.map(Number).map(Math.fround),
    );
  });

  it('evaluates a file against labels: perfect ones give no error at all', async () => {
    const features = fixture('1.7.4/features.csv').toString().trim().split('\n');
    const labels = fixture('1.7.4/squarederror.predictions.csv').toString().trim().split('\n');
    const data = join(folder, 'test.csv');
    writeFileSync(data, features.map((row, i) => `${labels[i]},${row}`).join('\n'));
    const { code, stdout } = await warmstart(
      '--json',
      'evaluate',
      '--artifact',
      'xgboost-model',
      '--data',
      data,
    );
    const { metrics, rows, kind } = JSON.parse(stdout) as {
      metrics: Record<string, number>;
      rows: number;
      kind: string;
    };
    assert.deepEqual([code, rows, kind], [0, features.length, 'regression']);
    assert.deepEqual([metrics.rmse, metrics.mae, metrics.r2], [0, 0, 1]);
    writeFileSync(data, features.map((row, i) => `${Number(labels[i]) + 3},${row}`).join('\n'));
    const off = await warmstart('evaluate', '--artifact', 'xgboost-model', '--data', data);
    assert.match(off.stdout, /^rmse +3$/m);
  });
});
