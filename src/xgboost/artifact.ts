import type { Readable } from 'node:stream';
import { WarmstartError } from '../errors';
import { finish, type Steps } from '../steps';
import { type ModelFile, type ModelFiles, openArtifact, type SizeLimits } from './archive';
import type { ArtifactFormat, Booster } from './booster';
import { describe, imageGuess, servableBy } from './compatibility';
import type { Matrix } from './matrix';
import { type Predictions, type PredictOptions, predictSteps } from './predict';
import { readBooster } from './read';
import { malformed } from './refusal';
import { versionText } from './version';

export interface ArtifactOptions extends Partial<SizeLimits> {
  /** Read all files of a k-fold training (`xgboost-model-0` …), as a container with SAGEMAKER_INFERENCE_ENSEMBLE does. */
  ensemble?: boolean;
}

/** A trained model as SageMaker stored it, read into memory. */
export interface Artifact {
  /** The file that the container takes. */
  file: string;
  /** All regular files of the archive as listed. */
  files: string[];
  format: ArtifactFormat;
  /** One; all folds with `ensemble`. */
  boosters: Booster[];
  /** "1.7.4"; "1.7" from the binary format, which knows no patch number; "before 1.0" when the model does not say. */
  xgboostVersion: string;
  /** The image that writes such artifacts; null when none does. */
  imageGuess: string | null;
  servableBy: { image: string; ok: boolean; why: string }[];
  /** What this is and what is odd about it, in full sentences. */
  sentence: string;
}

/**
 * Reads a model.tar.gz (or .tar, or a bare model file) from memory or as a stream; nothing is written to disk.
 * Throws `xgboost.too-large`, `xgboost.no-model`, `xgboost.malformed` and `xgboost.unsupported-…`.
 */
export async function readArtifact(
  source: Readable | Uint8Array,
  options: ArtifactOptions = {},
): Promise<Artifact> {
  const found = await openArtifact(source, options.ensemble ?? false, options);
  const boosters = found.models.map((model) => readModel(model, found.candidates));
  const [first] = boosters;
  if (!first) throw malformed('it holds no model');
  if (boosters.some((booster) => booster.outputs !== first.outputs || booster.objective !== first.objective))
    throw malformed('its folds differ in objective or outputs');
  const { format, version } = first;
  return {
    file: found.models[0]!.name,
    files: found.files,
    format,
    boosters,
    xgboostVersion: versionText(version),
    imageGuess: imageGuess(format, version),
    servableBy: servableBy(format, version),
    sentence: sentenceOf(found, first),
  };
}

function readModel({ name, bytes }: ModelFile, candidates: string[]): Booster {
  try {
    return readBooster(bytes);
  } catch (error) {
    if (!(error instanceof WarmstartError) || candidates.length < 2) throw error;
    const others = candidates.filter((other) => other !== name).slice(0, 10);
    throw new WarmstartError(
      error.code,
      `${name}, the first file of the artifact, is what the container would load (it also holds ${others.join(', ')}). ${error.message}`,
      { kind: error.kind, remedy: error.remedy, cause: error },
    );
  }
}

/**
 * Scores with every booster and averages as the container's ensemble does (`numpy.mean` of float32; for classes, the vote:
 * the most frequent, the smallest of equals).
 */
export function predictArtifact(
  artifact: Artifact,
  features: Matrix,
  options: PredictOptions = {},
): Predictions {
  return finish(predictArtifactSteps(artifact, features, options));
}

/** {@link predictArtifact}, a block of rows a step. */
export function* predictArtifactSteps(
  artifact: Artifact,
  features: Matrix,
  options: PredictOptions = {},
): Steps<Predictions> {
  const all: Predictions[] = [];
  for (const booster of artifact.boosters) all.push(yield* predictSteps(booster, features, options));
  const [first, ...others] = all;
  if (!first) throw malformed('it holds no model');
  if (others.length === 0) return first;
  const { objective } = artifact.boosters[0]!;
  const votes = !options.margin && (objective === 'multi:softmax' || objective === 'binary:hinge');
  return {
    ...first,
    values: first.values.map((value, i) => {
      const column = [value, ...others.map(({ values }) => values[i]!)];
      return votes ? mostFrequent(column) : mean(column);
    }),
  };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => Math.fround(sum + value)) / values.length;
}

function mostFrequent(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const count = (value: number): number => values.filter((other) => other === value).length;
  return sorted.reduce((best, value) => (count(value) > count(best) ? value : best));
}

function sentenceOf(found: ModelFiles, booster: Booster): string {
  const names = found.models.map(({ name }) => name);
  const sentences = [`${names.join(', ')} is ${describe(booster.format, booster.version)}.`];
  if (found.candidates.length > found.models.length)
    sentences.push(
      `The archive holds ${found.candidates.length} files at its top level (${found.candidates.slice(0, 10).join(', ')}); the container takes whichever the file system lists first.`,
    );
  return sentences.join(' ');
}
