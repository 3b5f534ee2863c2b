import type { TreeNode } from './node';
import { isEndpointPending } from './render/endpoints';

/**
 * Whether a node is on its way to another state, by AWS's doing or some machine's, so that asking again is worth a call.
 * Pure.
 */
export function isPending(node: TreeNode): boolean {
  switch (node.kind) {
    case 'tuningJob':
      return node.running;
    case 'trainingJob':
      return node.status === 'InProgress' || node.status === 'Stopping';
    case 'endpoint':
      return isEndpointPending(node.inspection.status);
    case 'run':
    case 'release':
      return node.standing === 'live';
    case 'version':
      return node.summary.status === 'Pending' || node.summary.status === 'InProgress';
    default:
      return false;
  }
}
