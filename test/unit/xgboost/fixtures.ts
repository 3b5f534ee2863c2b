import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCsv } from '../../../src/xgboost/csv';
import type { Matrix } from '../../../src/xgboost/matrix';

export const VERSIONS = ['1.2.0', '1.7.4', '3.0.5'] as const;

export interface FixtureModel {
  name: string;
  objective: string;
  booster: string;
  outputs: number;
  files: Record<string, string>;
}

/** The files of one XGBoost version, as that version itself saved and scored them. */
export class Fixtures {
  constructor(readonly version: string) {}

  bytes(file: string): Buffer {
    return readFileSync(
      fileURLToPath(new URL(`../../fixtures/xgboost/${this.version}/${file}`, import.meta.url)),
    );
  }

  models(): FixtureModel[] {
    return JSON.parse(this.bytes('manifest.json').toString()).models;
  }

  features(): Matrix {
    return parseCsv(this.bytes('features.csv'));
  }

  expected(name: string, kind: 'predictions' | 'margins'): Float32Array {
    const text = this.bytes(`${name}.${kind}.csv`).toString().trim();
    return Float32Array.from(text.split(/[\n,]/), Number);
  }
}
