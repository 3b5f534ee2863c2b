import type { Store } from '../aws/store';
import { parseS3Uri } from '../aws/uri';
import type { Dataset } from '../warehouse/dataset';
import type { Version } from './versions';

/**
 * Names of a version's features in the order of its rows: all columns of its dataset but the label. Empty when the
 * dataset is not known or gone.
 */
export async function readFeatures(store: Store, version: Pick<Version, 'dataset'>): Promise<string[]> {
  if (version.dataset === null) return [];
  const { bucket, key } = parseS3Uri(version.dataset);
  if (bucket !== store.bucket) return [];
  const dataset = await store.getJson<Dataset>(key);
  return dataset?.columns.slice(1).map(({ name }) => name) ?? [];
}
