import { drift } from '../evaluation/drift';
import type { Evaluation } from '../evaluation/report';
import { show } from '../evaluation/words';
import type { BaselineFacts, ModelFacts, VersionFacts } from './facts';
import { againstOf, measuredOf, scoredBy } from './measured';
import { count, nameOf } from './phrases';

/** What evaluations say of a testing run, so that it is not said twice. */
const testingRun = 'This is a testing run: it can never be released to a protected environment.';

/** What the person who decides should know beside the figures, as full sentences, the gravest first, each once. */
export function warningsOf(candidate: VersionFacts, facts: ModelFacts): string[] {
  const { version, evaluation } = candidate;
  const { baseline, endpoint } = facts;
  return [
    ...new Set([
      ...(version.testing ? [testingRun] : []),
      ...aboutImage(candidate, endpoint),
      ...(baseline ? aboutTestSets(candidate, baseline) : []),
      ...(evaluation?.warnings ?? []).map((warning) => inItsTime(warning, evaluation, candidate, baseline)),
      ...(baseline ? aboutDrift(candidate, baseline) : []),
    ]),
  ];
}

function aboutImage({ version }: VersionFacts, endpoint: ModelFacts['endpoint']): string[] {
  if (!endpoint || version.image === null || version.image === endpoint.image) return [];
  return [
    `It was trained with ${version.image}, but the endpoint in ${endpoint.environment} runs ${endpoint.image}: releasing it changes the container of every model there.`,
  ];
}

function aboutTestSets(candidate: VersionFacts, baseline: BaselineFacts): string[] {
  if (againstOf(candidate, baseline).shared) return [];
  const [own, theirs] = [candidate.evaluation?.dataset.test, measuredOf(baseline).test];
  if (!own || !theirs) return [];
  return [
    `It was measured on ${count(own.rows)} and ${nameOf(baseline)} on ${count(theirs.rows)} of another test set: no difference here is certain.`,
  ];
}

/** An evaluation speaks of the champion of its time; beside another baseline it must be said which one that was. */
function inItsTime(
  warning: string,
  evaluation: Evaluation | null,
  candidate: VersionFacts,
  baseline: BaselineFacts | null,
): string {
  if (!/champion/i.test(warning) || (baseline && scoredBy(candidate, baseline))) return warning;
  const { champion, championEnvironment } = evaluation ?? {};
  if (champion?.version === undefined) return warning;
  const place = championEnvironment ? ` in ${championEnvironment}` : '';
  return `When it was evaluated, against version ${champion.version}${place}: ${warning}`;
}

/** Against the champion of its evaluation, the evaluation said so itself. */
function aboutDrift(candidate: VersionFacts, baseline: BaselineFacts): string[] {
  if (scoredBy(candidate, baseline) || !candidate.dataset || !baseline.dataset) return [];
  const strong = drift(candidate.dataset, baseline.dataset)
    .filter(({ level }) => level === 'strong')
    .sort((a, b) => b.psi - a.psi);
  if (strong.length === 0) return [];
  const shown = strong.slice(0, 5).map(({ feature, psi }) => `${feature} (PSI ${show(psi, 2)})`);
  const more = strong.length > shown.length ? ` and ${strong.length - shown.length} more` : '';
  return [`The data has moved since ${nameOf(baseline)} was trained: ${shown.join(', ')}${more}.`];
}
