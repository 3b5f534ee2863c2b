import { fixedOf } from '../tuning/candidates';
import { artifactFacts, codeFacts, costFacts, dataFacts, rangeFacts, tuningFacts } from './change-facts';
import type { Change, ChangeSection } from './comparison';
import type { ModelFacts, VersionFacts } from './facts';

/** What one version says, by name; what it does not say is left out. */
export type Facts = Record<string, string>;

const sections: readonly [ChangeSection, (facts: VersionFacts) => Facts][] = [
  ['hyperparameters', ({ training, tuning }) => hyperparametersOf({ training, tuning })],
  ['ranges', ({ tuning }) => (tuning ? rangeFacts(tuning) : {})],
  ['tuning', ({ version, tuning }) => tuningFacts(version, tuning)],
  ['data', ({ dataset }) => (dataset ? dataFacts(dataset) : {})],
  ['code', ({ version, dataset }) => codeFacts(version, dataset)],
  ['artifact', artifactFacts],
  ['cost', costFacts],
];

/** How the versions came to be, fact by fact, in the order of the columns. */
export function changesOf({ baseline, candidates }: ModelFacts): Change[] {
  const columns = [...(baseline ? [baseline] : []), ...candidates];
  return sections.flatMap(([section, read]) => {
    const facts = columns.map((column) => new Map(Object.entries(read(column))));
    const names = [...new Set(facts.flatMap((each) => [...each.keys()]))];
    return names.map((name): Change => {
      const values = facts.map((each) => each.get(name) ?? null);
      const [first, ...others] = values;
      const equal = others.length > 0 && first !== null && others.every((value) => value === first);
      return { section, name, values, equal };
    });
  });
}

/** As the training job got them, tuned ones included; by the tuning job when the training job cannot be read. */
function hyperparametersOf({ training, tuning }: Pick<VersionFacts, 'training' | 'tuning'>): Facts {
  const all = training?.HyperParameters ?? {
    ...tuning?.TrainingJobDefinition?.StaticHyperParameters,
    ...tuning?.BestTrainingJob?.TunedHyperParameters,
  };
  return Object.fromEntries(Object.entries(fixedOf(all)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
