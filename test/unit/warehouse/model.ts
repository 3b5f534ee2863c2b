import type { Model } from '../../../src/project/project';
import { type ModelFile, projectSchema } from '../../../src/project/schema';

/** The `data` of a model with the schema's defaults. */
export function dataOf(own: Record<string, unknown> = {}): ModelFile['data'] {
  return projectSchema.shape.models.valueType.shape.data.parse({
    query: 'sql/q.sql',
    label: 'y',
    window: { from: '2001-01-01' },
    ...own,
  });
}

export function modelWith(data: Record<string, unknown>, name = 'm'): Model {
  const file = projectSchema.shape.models.valueType.parse({
    endpoint: 'e',
    layer: 'l',
    packageGroup: 'g',
    data: dataOf(data),
    training: { algorithm: 'xgboost', objective: 'reg:squarederror' },
  });
  return { ...file, name, targetModel: `${name}.tar.gz` };
}
