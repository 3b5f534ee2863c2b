import type { Comparison } from './comparison';

/** A comparison as a comment for a pull request. Text of others stands in it as text, whatever it holds. */
export function comparisonMarkdown(comparison: Comparison): string {
  return comparison.models.map(({ model }) => `# ${model}\n`).join('\n');
}
