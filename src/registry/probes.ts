import { createHash } from 'node:crypto';
import type { Store } from '../aws/store';
import { parseS3Uri } from '../aws/uri';
import { WarmstartError } from '../errors';
import type { Matrix } from '../xgboost/matrix';

/** A stored input row and the prediction that every release of the version must repeat. */
export interface Probe {
  /** The features in the order of the CSV, without the label; null is a missing value. */
  row: (number | null)[];
  /** One number, or one per class. */
  expected: number[];
}

/** `probes.json`, which lies next to `evaluation.json`. */
export interface ProbeFile {
  formatVersion: 1;
  model: string;
  trainingJob: string;
  probes: Probe[];
}

/**
 * Chooses up to `n` test rows spread evenly over the quantiles of the prediction (of its first number, if it has
 * one per class), the lowest and the highest included: a wrong model rarely agrees with all of them.
 * @param features rows × columns, as sent to the endpoint
 * @param predictions row-major, `features.rows` × (1 or the number of classes)
 */
export function chooseProbes(features: Matrix, predictions: ArrayLike<number>, n: number): Probe[] {
  const width = features.rows === 0 ? 1 : predictions.length / features.rows;
  if (!Number.isInteger(width) || (features.rows > 0 && width < 1)) {
    throw new WarmstartError(
      'registry.probe-shape',
      `${predictions.length} predictions do not belong to ${features.rows} rows.`,
    );
  }
  const first = (row: number) => predictions[row * width] as number;
  const order = Array.from({ length: features.rows }, (_, row) => row)
    .filter((row) => Number.isFinite(first(row)))
    .sort((a, b) => first(a) - first(b) || a - b);
  const count = Math.min(n, order.length);
  return Array.from({ length: count }, (_, i) => {
    const at =
      count === 1 ? Math.floor((order.length - 1) / 2) : Math.round((i * (order.length - 1)) / (count - 1));
    const row = order[at] as number;
    return {
      row: Array.from(
        features.values.subarray(row * features.columns, (row + 1) * features.columns),
        (value) => (Number.isNaN(value) ? null : value),
      ),
      expected: Array.from({ length: width }, (_, k) => predictions[row * width + k] as number),
    };
  });
}

/** The text of `probes.json` and its sha256 in hex, which the version's metadata holds. */
export function probeFile(file: Omit<ProbeFile, 'formatVersion'>): { text: string; sha256: string } {
  const text = `${JSON.stringify({ formatVersion: 1, ...file } satisfies ProbeFile)}\n`;
  return { text, sha256: createHash('sha256').update(text).digest('hex') };
}

/**
 * Reads `probes.json`.
 * @param sha256 hex, from the version's metadata
 * @throws WarmstartError `registry.probes-changed` when the bytes are not those that were registered,
 * `registry.probes-unreadable` when they are no probes
 */
export function parseProbes(text: string, sha256: string): Probe[] {
  if (createHash('sha256').update(text).digest('hex') !== sha256) {
    throw new WarmstartError(
      'registry.probes-changed',
      'The stored probes are not those that were registered.',
      {
        kind: 'refused',
        remedy: 'Someone overwrote probes.json; restore its earlier S3 version, or retrain the model.',
      },
    );
  }
  // Bytes of the right hash are what we wrote, so that only another version of the format can surprise here.
  const file: unknown = JSON.parse(text);
  if (!isProbeFile(file)) {
    throw new WarmstartError(
      'registry.probes-unreadable',
      'probes.json is not in a format that this Warmstart reads.',
      {
        remedy: 'Update Warmstart.',
      },
    );
  }
  return file.probes;
}

/**
 * The probes of a version, checked against the hash in its metadata; none for a version registered without.
 * @param store the bucket in which the registry environment keeps evaluations
 */
export async function loadProbes(
  store: Pick<Store, 'getText' | 'bucket'>,
  probes: { s3Uri: string; sha256: string } | null,
): Promise<Probe[]> {
  if (probes === null) return [];
  const { bucket, key } = parseS3Uri(probes.s3Uri);
  const text = bucket === store.bucket ? await store.getText(key) : undefined;
  if (text === undefined) {
    throw new WarmstartError('registry.probes-missing', `The probes ${probes.s3Uri} are not there.`, {
      remedy: 'Restore the object from its earlier S3 version, or retrain the model.',
    });
  }
  return parseProbes(text, probes.sha256);
}

function isProbeFile(file: unknown): file is ProbeFile {
  return (
    typeof file === 'object' &&
    file !== null &&
    'formatVersion' in file &&
    file.formatVersion === 1 &&
    'probes' in file &&
    Array.isArray(file.probes)
  );
}
