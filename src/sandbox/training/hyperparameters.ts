import { releaseOf } from './artifact';
import { clientError } from './failure';
import { ALIASES, type Interval, type Rule, rulesFor } from './hyperparameter-rules';

/** Validated hyperparameters by their main names. */
export type Hyperparameters = Record<string, string>;

/** `error@0.3` and the like: metrics that take a threshold. */
const THRESHOLD_METRICS = ['error', 'ndcg', 'map'];

/**
 * Checks hyperparameters as the image's container does, in its order: required and unknown names, types, ranges,
 * then what depends on one another. Aliases (`learning_rate`) come back under their main names (`eta`).
 *
 * @param version the image's tag, e.g. `1.7-1`
 * @throws WarmstartError `training.client-error` with the container's message; `training.no-image` for a tag
 *   that the sandbox does not have
 */
export function validateHyperparameters(
  hyperparameters: Record<string, string>,
  version: string,
): Hyperparameters {
  const rules = rulesFor(releaseOf(version));
  const named = Object.fromEntries(
    Object.entries(hyperparameters).map(([name, value]) => [ALIASES[name] ?? name, value]),
  );
  if (named.num_round === undefined) throw clientError('Missing required hyperparameter: num_round');
  for (const name of Object.keys(named)) {
    if (!(name in rules)) throw clientError(`Extraneous hyperparameter found: ${name}`);
  }
  for (const [name, value] of Object.entries(named)) checkValue(name, value, rules[name]!);
  checkDependencies(named);
  return named;
}

function checkValue(name: string, value: string, rule: Rule): void {
  switch (rule.kind) {
    case 'free':
      return;
    case 'choice':
      if (!rule.values.includes(value)) throw notInRange(name, value, list(rule.values));
      return;
    case 'list':
      for (const metric of value.split(',')) checkMetric(name, value, metric, rule.values);
      return;
    default: {
      const pattern =
        rule.kind === 'integer' ? /^\s*[+-]?\d+\s*$/ : /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
      if (!pattern.test(value))
        throw clientError(`Hyperparameter ${name}: could not parse value (caused by ValueError)`);
      if (!contains(rule, Number(value))) throw notInRange(name, value, describe(rule));
    }
  }
}

function checkMetric(name: string, value: string, metric: string, known: string[]): void {
  if (known.includes(metric)) return;
  const [family, threshold] = metric.split('@').map((part) => part.trim());
  if (threshold === undefined) throw notInRange(name, list(value.split(',')), list(known));
  if (!THRESHOLD_METRICS.includes(family!)) {
    throw clientError(
      `Metric '${metric}' is not supported. Parameter 'eval_metric' with customized threshold should ` +
        "be one of these options: 'error', 'ndcg', 'map'.",
    );
  }
  if (threshold === '' || Number.isNaN(Number(threshold))) {
    throw clientError(`Threshold value 't' in '${family}@t' expects float input.`);
  }
}

function checkDependencies(hp: Hyperparameters): void {
  const { objective, num_class: classes } = hp;
  if (objective?.startsWith('multi:') && classes === undefined) {
    throw clientError("Require input for parameter 'num_class' for multi-classification");
  }
  const metrics = hp.eval_metric?.split(',') ?? [];
  if (metrics.includes('auc') && !/^(binary|rank):/.test(objective ?? '')) {
    throw clientError("Metric 'auc' can only be applied for classification and ranking problems.");
  }
  if (metrics.includes('aft-nloglik') && objective !== 'survival:aft') {
    throw clientError("Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.");
  }
  if (hp.monotone_constraints !== undefined && !['exact', 'hist'].includes(hp.tree_method ?? '')) {
    throw clientError(
      'monotone_constraints can be used only when the tree_method parameter is set to either ' +
        "'exact' or 'hist'.",
    );
  }
  if (
    hp.interaction_constraints !== undefined &&
    !['exact', 'hist', 'approx'].includes(hp.tree_method ?? '')
  ) {
    throw clientError(
      'interaction_constraints can be used only when the tree_method parameter is set to either ' +
        "'exact', 'hist' or 'approx'.",
    );
  }
}

function contains({ min, max, openMin, openMax }: Interval, value: number): boolean {
  if (min !== undefined && (openMin ? value <= min : value < min)) return false;
  return !(max !== undefined && (openMax ? value >= max : value > max));
}

function describe({ min, max, openMin, openMax }: Interval): string {
  const from = min === undefined ? '(-inf' : `${openMin ? '(' : '['}${min}`;
  const to = max === undefined ? '+inf)' : `${max}${openMax ? ')' : ']'}`;
  return `${from}, ${to}`;
}

function notInRange(name: string, value: string, range: string) {
  return clientError(`Hyperparameter ${name}: value ${value} not in range ${range}`);
}

/** Python's way of printing a list of strings. */
function list(values: string[]): string {
  return `[${values.map((value) => `'${value}'`).join(', ')}]`;
}
