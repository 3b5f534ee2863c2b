import assert from 'node:assert/strict';
import { applyEdits, modify } from 'jsonc-parser';
import { parseProject } from '../../../src/project/load';
import { sample } from './sample';

export type Edit = [path: (string | number)[], value: unknown];

export const ord = ['models', 'delay-ord'];
export const tuning = [...ord, 'tuning'];
export const ranges = [...tuning, 'ranges'];

/** The problems of the sample after some edits (undefined deletes), each as `severity path: message | remedy`. */
export function problemsAfter(...edits: Edit[]): string[] {
  let text = sample;
  for (const [path, value] of edits) text = applyEdits(text, modify(text, path, value, {}));
  return parseProject(text, 'warmstart.json').problems.map(
    (p) => `${p.severity} ${p.path}: ${p.message} | ${p.remedy ?? ''}`,
  );
}

export function found(edits: Edit[], ...expected: RegExp[]): void {
  const problems = problemsAfter(...edits);
  assert.equal(problems.length, expected.length, problems.join('\n'));
  for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? '', pattern);
}

/** A second model like the sample's, with its own names. */
export function second(own: Record<string, unknown> = {}): Edit {
  const { project } = parseProject(sample, 'warmstart.json');
  const model = structuredClone(project?.source.models['delay-ord']);
  return [['models', 'delay-lax'], { ...model, packageGroup: 'flights-delay-lax', ...own }];
}
