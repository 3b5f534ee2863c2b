import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';

/** What can be done something with in a project file: one key of it. */
export interface Place {
  kind: 'model' | 'environment';
  name: string;
  /** Of the key in the text, in UTF-16 code units. */
  offset: number;
}

/** The environments and models of a text, also of one that is not quite JSON yet. Pure. */
export function placesOf(text: string): Place[] {
  const root = parseTree(text, [], { allowTrailingComma: true, disallowComments: false });
  if (!root) return [];
  return [...keysOf(root, 'environments', 'environment'), ...keysOf(root, 'models', 'model')];
}

function keysOf(root: Node, section: string, kind: Place['kind']): Place[] {
  const children = findNodeAtLocation(root, [section])?.children ?? [];
  return children.flatMap(({ children: [key] = [] }) =>
    typeof key?.value === 'string' ? [{ kind, name: key.value, offset: key.offset }] : [],
  );
}
