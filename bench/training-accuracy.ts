/**
 * The sandbox's half of `training-accuracy.py`: trains the cases that it wrote into a directory.
 *
 * Reads `cases.json` (settings) and float32 files `<data>-{train,validation}.f32` (label first in each row);
 * writes `<case>.model` and `results.json`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabelledMatrix } from '../src/sandbox/training/contract';
import { train } from '../src/sandbox/training/train';

interface Case {
  name: string;
  data: string;
  columns: number;
  version: string;
  hyperparameters: Record<string, string>;
}

const directory = process.argv[2]!;
const cases: Case[] = JSON.parse(readFileSync(join(directory, 'cases.json'), 'utf8'));
const results: Record<string, { seconds: number; metrics: Record<string, number>; rounds: number }> = {};
for (const { name, data, columns, version, hyperparameters } of cases) {
  const request = {
    version,
    hyperparameters,
    train: read(`${data}-train.f32`, columns),
    validation: read(`${data}-validation.f32`, columns),
  };
  const start = performance.now();
  const { model, metrics, rounds } = train(request);
  results[name] = { seconds: (performance.now() - start) / 1000, metrics, rounds };
  writeFileSync(join(directory, `${name}.model`), model);
}
writeFileSync(join(directory, 'results.json'), JSON.stringify(results));

function read(file: string, columns: number): LabelledMatrix {
  const bytes = readFileSync(join(directory, file));
  const table = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const rows = table.length / (columns + 1);
  const values = new Float32Array(rows * columns);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    labels[row] = table[row * (columns + 1)]!;
    values.set(table.subarray(row * (columns + 1) + 1, (row + 1) * (columns + 1)), row * columns);
  }
  return { features: { rows, columns, values }, labels };
}
