import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { WarmstartError } from '../../errors';
import { writeBinary } from './binary-model';
import type { Tree } from './tree';
import { writeUbjson } from './ubjson-model';

/** A trained ensemble, ready to be written. */
export interface Ensemble {
  /** XGBoost's version, e.g. [1, 7, 4]. */
  version: readonly [number, number, number];
  objective: { name: string; config: Record<string, Record<string, string>> };
  /** 0 unless the objective is `multi:*`. */
  classes: number;
  features: number;
  /** In output space; one per output, or one for all. */
  baseScore: number[];
  baseScoreGiven: boolean;
  parallelTrees: number;
  /** In the order of training; tree `i` adds to output `groups[i]`. */
  trees: Tree[];
  groups: number[];
  attributes: Record<string, string>;
}

/** The XGBoost release inside each image (branches of aws/sagemaker-xgboost-container). */
const RELEASES: Record<string, readonly [number, number, number]> = {
  '1.3-1': [1, 3, 3],
  '1.5-1': [1, 5, 2],
  '1.7-1': [1, 7, 4],
  '3.0-5': [3, 0, 5],
  '3.2-0': [3, 2, 0],
};

/** The image tags that the sandbox can train with. */
export const TRAINING_VERSIONS = Object.keys(RELEASES);

/**
 * The XGBoost release of an image tag; a suffix such as `-cpu-py3` is ignored.
 * @throws WarmstartError `training.no-image` for images that the sandbox does not have, be they AWS's or nobody's
 */
export function releaseOf(tag: string): readonly [number, number, number] {
  const release = RELEASES[tag.replace(/-(cpu-py3|arm64|1)$/, '')] ?? RELEASES[tag];
  if (release) return release;
  throw new WarmstartError(
    'training.no-image',
    `CannotPullContainerError: the sandbox does not have the image sagemaker-xgboost:${tag}; it trains with ${TRAINING_VERSIONS.join(', ')}`,
    { kind: 'usage', remedy: `Use one of the sandbox's images: ${TRAINING_VERSIONS.join(', ')}.` },
  );
}

/** The bytes of `xgboost-model`: the deprecated binary format before 3.0, UBJSON from then on. */
export function writeModel(ensemble: Ensemble): Buffer {
  return ensemble.version[0] < 3 ? writeBinary(ensemble) : writeUbjson(ensemble);
}

/** The training job's output: a `model.tar.gz` with the single file `xgboost-model`, equal bytes for equal models. */
export async function modelTarGz(model: Buffer): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'xgboost-model', mtime: new Date(0), mode: 0o644 }, model);
  archive.finalize();
  return buffer(archive.pipe(createGzip()));
}
