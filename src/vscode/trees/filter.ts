import type { TreeNode } from './node';

/** Whether a text holds the filter, in whatever case; everything holds the empty one. */
export function holds(text: string, filter: string): boolean {
  return text.toLowerCase().includes(filter.trim().toLowerCase());
}

/** Whether a node is shown under a filter. What only leads to others, and what stands below a match, always is. Pure. */
export function matches(node: TreeNode, filter: string): boolean {
  const text = filteredText(node);
  return text === undefined || holds(text, filter);
}

/** The words by which a node is found: its names and its states. */
function filteredText(node: TreeNode): string | undefined {
  switch (node.kind) {
    case 'pendingVersion':
      return `${node.model} ${node.name} ${node.version.testing ? 'testing' : ''}`;
    case 'model':
      return `${node.model} ${node.packageGroup}`;
    case 'lineageModel':
      return node.model;
    case 'target':
      return `${node.target.targetModel} ${node.target.model} ${node.target.marks.join(' ')}`;
    case 'run':
      return `${node.run.model} ${node.run.runId} ${node.run.status} ${node.standing}`;
    case 'release':
      return node.place === 'activity'
        ? `${node.endpoint} ${node.environment} ${node.manifest.releaseId} ${node.manifest.status}`
        : undefined;
    case 'activity':
      return `${node.title} ${node.status}`;
    default:
      return undefined;
  }
}
