/**
 * How fast models are read and rows scored, beside Python's XGBoost with one thread where there is one.
 * Run: npx tsx bench/predict.ts [rows]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCsv } from '../src/xgboost/csv';
import { predict } from '../src/xgboost/predict';
import { readBooster } from '../src/xgboost/read';
import { pythonWithXgboost } from '../test/unit/xgboost/python';

const rows = Number(process.argv[2] ?? 1_000_000);
const COLUMNS = 10;

/** Trains 25 trees of depth 5 in Python, scores the rows there with one thread, and leaves model and rows as files. */
const SCRIPT = `
import json, sys, time
import numpy as np, xgboost as xgb
rows, columns, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
random = np.random.default_rng(7)
x = random.normal(size=(rows, columns)).astype(np.float32)
x[random.random(x.shape) < 0.05] = np.nan
y = np.nansum(x[:, :4], axis=1) + random.normal(size=rows)
train = xgb.DMatrix(x[:20000], label=y[:20000] > 0)
booster = xgb.train({"objective": "binary:logistic", "max_depth": 5, "nthread": 1}, train, 25)
booster.save_model(folder + "/model.json")
x.tofile(folder + "/rows.f32")
data = xgb.DMatrix(x, nthread=1)
best = 1e9
for _ in range(3):
    booster.set_param({"nthread": 1})
    data = xgb.DMatrix(x, nthread=1)
    start = time.perf_counter()
    predictions = booster.predict(data)
    best = min(best, time.perf_counter() - start)
predictions.tofile(folder + "/predictions.f32")
print(json.dumps({"version": xgb.__version__, "seconds": best}))
`;

function best(times: number, run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least / 1000;
}

const python = pythonWithXgboost();
if ('reason' in python) {
  console.log(`No comparison: ${python.reason}`);
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'warmstart-bench-'));
try {
  const ran = spawnSync(python.path, ['-c', SCRIPT, String(rows), String(COLUMNS), folder], {
    encoding: 'utf8',
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  const native: { version: string; seconds: number } = JSON.parse(ran.stdout);
  const floats = (name: string): Float32Array =>
    new Float32Array(new Uint8Array(readFileSync(join(folder, name))).buffer);
  const model = readFileSync(join(folder, 'model.json'));
  const features = { rows, columns: COLUMNS, values: floats('rows.f32') };
  const booster = readBooster(model);
  const loading = best(5, () => readBooster(model));
  let values: Float32Array = new Float32Array(0);
  const scoring = best(5, () => {
    values = predict(booster, features).values;
  });
  const expected = floats('predictions.f32');
  const different = values.reduce((count, value, i) => count + (Object.is(value, expected[i]) ? 0 : 1), 0);
  const csvFile = join(folder, 'rows.csv');
  const sample = Math.min(rows, 200_000);
  writeFileSync(
    csvFile,
    Array.from({ length: sample }, (_, row) =>
      Array.from(features.values.subarray(row * COLUMNS, (row + 1) * COLUMNS), (v) =>
        Number.isNaN(v) ? '' : v.toPrecision(9),
      ).join(','),
    ).join('\n'),
  );
  const csv = readFileSync(csvFile);
  const parsing = best(3, () => {
    parseCsv(csv);
  });
  const millions = (count: number, seconds: number): string => (count / seconds / 1e6).toFixed(2);
  console.log(`25 trees of depth 5, ${rows} × ${COLUMNS}, one thread`);
  console.log(`  read the model: ${(loading * 1000).toFixed(1)} ms`);
  console.log(
    `  score: ${millions(rows, scoring)} M rows/s; XGBoost ${native.version}: ${millions(rows, native.seconds)} M rows/s; ratio ${(native.seconds / scoring).toFixed(2)}`,
  );
  console.log(`  different predictions: ${different}`);
  console.log(
    `  parse CSV: ${millions(sample, parsing)} M rows/s (${(csv.length / parsing / 1e6).toFixed(0)} MB/s)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
