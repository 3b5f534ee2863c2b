import { z } from 'zod';
import { projectSchema } from './schema';

/** The parts of a JSON Schema that the keys of an object are found with. */
interface Shape {
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape;
  anyOf?: Shape[];
  oneOf?: Shape[];
}

/** The JSON Schema of `warmstart.json` as a person writes it: what has a default may be left out. */
export function projectJsonSchema() {
  return {
    ...z.toJSONSchema(projectSchema, { io: 'input', target: 'draft-7' }),
    title: 'Warmstart project',
    description: 'Environments, warehouse, endpoints and models of a SageMaker multi-model endpoint.',
    allowComments: true,
    allowTrailingCommas: true,
  };
}

let shape: Shape | undefined;

/** All keys that may stand in the object at `path`, whichever branch of a union it is. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  shape ??= projectJsonSchema() as Shape;
  let here = [shape];
  for (const segment of path) here = here.flatMap(branches).flatMap((s) => step(s, segment));
  return [...new Set(here.flatMap(branches).flatMap((s) => Object.keys(s.properties ?? {})))];
}

function branches(s: Shape): Shape[] {
  const inner = [...(s.anyOf ?? []), ...(s.oneOf ?? [])];
  return inner.length > 0 ? inner.flatMap(branches) : [s];
}

function step(s: Shape, segment: PropertyKey): Shape[] {
  if (typeof segment === 'number') return s.items ? [s.items] : [];
  const own = Object.hasOwn(s.properties ?? {}, segment) ? s.properties?.[String(segment)] : undefined;
  if (own) return [own];
  return typeof s.additionalProperties === 'object' ? [s.additionalProperties] : [];
}
