import { WarmstartError } from '../../../src/errors';
import type { Matrix } from '../../../src/xgboost/matrix';
import { predict } from '../../../src/xgboost/predict';
import { readBooster } from '../../../src/xgboost/read';
import { Fixtures, VERSIONS } from './fixtures';

/** A small generator with a seed, so that every mutation can be repeated (Numerical Recipes' LCG on 32 bits). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface Seed {
  name: string;
  bytes: Buffer;
}

/** One file per model and format of all versions. */
export function seeds(): Seed[] {
  return VERSIONS.flatMap((version) => {
    const fixtures = new Fixtures(version);
    return fixtures
      .models()
      .flatMap((model) => Object.values(model.files))
      .map((file) => ({ name: `${version}/${file}`, bytes: fixtures.bytes(file) }));
  });
}

const INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x24, 0x23, 0x5b, 0x5d, 0x7b, 0x7d, 0x4c, 0x28, 0x52];
const WORDS = [0, 1, -1, 0x7fffffff, -0x80000000, 0xffff, 1 << 20, 1 << 30];

/** Breaks a file in one to four places: bytes, counts, cuts, repetitions, exchanged parts. */
export function mutated(bytes: Buffer, random: () => number): Buffer {
  const below = (n: number): number => Math.floor(random() * n);
  let result = Buffer.from(bytes);
  for (let times = 1 + below(4); times > 0 && result.length > 8; times--) {
    const at = below(result.length - 8);
    const size = 1 + below(Math.min(64, result.length - at));
    switch (below(8)) {
      case 0:
        result[at] = below(256);
        break;
      case 1:
        result[at] = INTERESTING[below(INTERESTING.length)]!;
        break;
      case 2:
        result.writeInt32LE(WORDS[below(WORDS.length)]! | 0, at);
        break;
      case 3:
        result.writeBigInt64BE(BigInt(WORDS[below(WORDS.length)]!), at);
        break;
      case 4:
        result = result.subarray(0, at);
        break;
      case 5:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + size)]);
        break;
      case 6:
        result = Buffer.concat([result.subarray(0, at + size), result.subarray(at)]);
        break;
      default:
        result.copy(result, below(result.length - size), at, at + size);
    }
  }
  return result;
}

/** Reads and scores a broken file. Answers the error's code, or 'read' when it was still a model; throws on anything unnamed. */
export function outcomeOf(bytes: Uint8Array, rows: (columns: number) => Matrix): string {
  try {
    const booster = readBooster(bytes);
    predict(booster, rows(Math.min(booster.numFeature, 64)));
    return 'read';
  } catch (error) {
    if (error instanceof WarmstartError && error.code.startsWith('xgboost.')) return error.code;
    throw error;
  }
}

/** Three rows: small numbers, missing values, extremes. */
export function someRows(columns: number): Matrix {
  const values = new Float32Array(3 * columns).fill(Number.NaN);
  values.fill(0.5, 0, columns);
  values.fill(-1e30, 2 * columns);
  return { rows: 3, columns, values };
}
