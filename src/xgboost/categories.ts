import type { Categories } from './booster';
import type { Dictionary } from './document';
import { integers, optional } from './fields';
import { malformed } from './refusal';

/**
 * The categorical splits of a saved tree: `split_type` marks the nodes; `categories_nodes`, `categories_segments` and
 * `categories_sizes` say which part of `categories` belongs to each (`RegTree::LoadCategoricalSplit`, XGBoost ≥ 1.3).
 * Null when there are none.
 */
export function categoriesOf(tree: Dictionary, nodes: number): Categories | null {
  if (optional(tree, 'split_type') === undefined) return null;
  const types = integers(tree, 'split_type', nodes);
  if (!types.includes(1)) return null;
  const owners = integers(tree, 'categories_nodes');
  const segments = integers(tree, 'categories_segments', owners.length);
  const sizes = integers(tree, 'categories_sizes', owners.length);
  const values = integers(tree, 'categories').slice();
  const start = Int32Array.from(types, (type) => (type === 1 ? 0 : -1));
  const end = new Int32Array(nodes);
  let used = 0;
  let lastOwner = -1;
  owners.forEach((owner, i) => {
    const from = segments[i]!;
    const size = sizes[i]!;
    if (owner <= lastOwner || owner >= nodes || types[owner] !== 1)
      throw malformed(`categories_nodes[${i}] is no categorical node after the one before it`);
    if (from < used || size < 0 || size > values.length - from)
      throw malformed(`categories_segments[${i}] overlaps or leaves the list of categories`);
    values.subarray(from, from + size).sort();
    start[owner] = from;
    end[owner] = from + size;
    used = from + size;
    lastOwner = owner;
  });
  return { start, end, values };
}
