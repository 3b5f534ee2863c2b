import type { ModelFacts } from './facts';

/** The unit of the model's label; null when the project does not say. */
export function unitOf({ model }: Pick<ModelFacts, 'model'>): string | null {
  return model?.evaluation.unit ?? null;
}
