import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { predict } from '../../../src/xgboost/predict';
import { readBooster } from '../../../src/xgboost/read';
import { pythonWithXgboost } from './python';

/** ORACLE_MODELS and ORACLE_SEED make the run longer or another one. */
const MODELS = process.env.ORACLE_MODELS ?? '38';
const SEED = process.env.ORACLE_SEED ?? '1';

interface Drawn {
  name: string;
  about: { objective: string };
  columns: number;
  cuda: boolean;
  files: string[];
}

describe('beside XGBoost itself, on random models of every objective', function () {
  this.timeout(600_000);
  let folder = '';

  before(function () {
    const python = pythonWithXgboost();
    if ('reason' in python) {
      console.log(`    skipped: ${python.reason}`);
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'warmstart-oracle-'));
    const script = fileURLToPath(new URL('oracle.py', import.meta.url));
    const ran = spawnSync(python.path, [script, folder, SEED, MODELS], { encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const floats = (name: string): Float32Array =>
    new Float32Array(new Uint8Array(readFileSync(join(folder, name))).buffer);

  it('every file gives the same predictions and margins, bit for bit', () => {
    const drawn: Drawn[] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    assert.equal(drawn.length, Number(MODELS));
    for (const { name, about, columns, cuda, files } of drawn) {
      const values = floats(`${name}.rows`);
      const features = { rows: values.length / columns, columns, values };
      // `aft_obj.cu` calls plain `exp`: `expf` where nvcc compiled it, as in the wheels of the x86 containers, else C's double.
      const inDouble = about.objective === 'survival:aft' && !cuda;
      for (const file of files) {
        const booster = readBooster(readFileSync(join(folder, file)));
        for (const margin of [false, true]) {
          const expected = floats(`${file}.${margin ? 'margins' : 'predictions'}`);
          const exact = predict(booster, features, { margin: margin || inDouble }).values;
          const actual = inDouble && !margin ? exact.map(Math.exp) : exact;
          assert.equal(actual.length, expected.length, file);
          const at = actual.findIndex((value, i) => !Object.is(value, expected[i]));
          assert.equal(
            at,
            -1,
            `seed ${SEED}, ${file}, ${margin ? 'margin' : 'prediction'} ${at}: ${actual[at]} instead of ${expected[at]}; ${JSON.stringify(about)}`,
          );
        }
      }
    }
  });
});
