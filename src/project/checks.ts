import { checkTraining } from './check-training';
import { checkTuning } from './check-tuning';
import { Findings } from './findings';
import { metricNames } from './metrics';
import type { Path, Positions, Problem } from './positions';
import { ownValue } from './project';
import type { EndpointFile, ModelFile, ProjectFile } from './schema';
import { suggestion } from './suggest';
import { parseImage, xgboostImage, xgboostRegions } from './xgboost';

/** What the schema cannot say: how the parts of the file fit together, and what SageMaker would refuse. */
export function checkProject(file: ProjectFile, positions: Positions): Problem[] {
  const findings = new Findings(positions);
  checkEnvironments(file, findings);
  checkPromotion(file, findings);
  for (const [key, endpoint] of Object.entries(file.endpoints)) checkEndpoint(file, key, endpoint, findings);
  checkModelNames(file, findings);
  checkContainers(file, findings);
  for (const [name, model] of Object.entries(file.models)) {
    const at: Path = ['models', name];
    checkReferences(file, at, model, findings);
    checkData(at, model, findings);
    checkTraining(at, model, findings);
    checkTuning(at, model, findings);
    checkGates(at, model, findings);
  }
  return findings.problems;
}

function checkEnvironments(file: ProjectFile, findings: Findings): void {
  const names = Object.keys(file.environments);
  if (!names.includes(file.registry))
    findings.error(
      ['registry'],
      `There is no environment "${file.registry}".`,
      suggestion(file.registry, names),
    );
  const registryAccount = ownValue(file.environments, file.registry)?.accountId;
  const places = new Map<string, string>();
  for (const [name, environment] of Object.entries(file.environments)) {
    const at: Path = ['environments', name];
    const place = `${environment.accountId}/${environment.region}/${environment.bucket}`;
    const other = places.get(place);
    if (other !== undefined)
      findings.error(
        [...at, 'bucket'],
        `"${name}" and "${other}" are the same account, region and bucket: their releases would overwrite each other.`,
        'Give each environment a bucket of its own.',
      );
    places.set(place, name);
    const roleAccount = environment.executionRoleArn.split(':')[4];
    if (roleAccount !== environment.accountId)
      findings.error(
        [...at, 'executionRoleArn'],
        `The role belongs to account ${roleAccount || '(none)'}, the environment is ${environment.accountId}.`,
        'SageMaker only assumes roles of its own account.',
      );
    if (environment.protected && name !== file.registry && environment.accountId === registryAccount)
      findings.warning(
        [...at, 'accountId'],
        `"${name}" is protected but shares its account with "${file.registry}", where models are trained.`,
        'A separate account keeps a mistake in training away from production.',
      );
    if (environment.protected && environment.promote.requires === 'pending')
      findings.warning(
        [...at, 'promote', 'requires'],
        `"${name}" is protected and yet admits versions that nobody approved.`,
        'Write "approved".',
      );
  }
}

function checkPromotion(file: ProjectFile, findings: Findings): void {
  const names = Object.keys(file.environments);
  const afterOf = (name: string) => ownValue(file.environments, name)?.promote.after;
  for (const name of names) {
    const after = afterOf(name);
    if (after === undefined) continue;
    const at: Path = ['environments', name, 'promote', 'after'];
    if (!names.includes(after)) {
      findings.error(at, `There is no environment "${after}".`, suggestion(after, names));
      continue;
    }
    const chain = [name];
    for (let next: string | undefined = after; next !== undefined; next = afterOf(next)) {
      chain.push(next);
      if (next === name) {
        findings.error(
          at,
          `Nothing could ever be released: ${chain.join(' waits for ')}.`,
          'Break the circle.',
        );
        break;
      }
      if (chain.indexOf(next) < chain.length - 1) break;
    }
  }
}

function checkEndpoint(file: ProjectFile, key: string, endpoint: EndpointFile, findings: Findings): void {
  const at: Path = ['endpoints', key];
  const names = Object.keys(file.environments);
  for (const name of Object.keys(endpoint.environments))
    if (!names.includes(name))
      findings.errorAtKey(
        [...at, 'environments', name],
        `There is no environment "${name}".`,
        suggestion(name, names),
      );
  const places = new Map<string, string>();
  for (const [name, environment] of Object.entries(file.environments)) {
    const own = ownValue(endpoint.environments, name);
    const inAws = own?.name ?? endpoint.name ?? key;
    const place = `${environment.accountId}/${environment.region}/${inAws.toLowerCase()}`;
    const other = places.get(place);
    if (other !== undefined && name !== file.registry && other !== file.registry)
      findings.error(
        [...at, 'environments', name],
        `In "${other}" and "${name}" this endpoint is one and the same: ${inAws} of account ${environment.accountId}.`,
        `Give it another name in "${name}".`,
      );
    places.set(place, name);
    checkFleet(at, endpoint, name, environment.protected, findings);
  }
}

function checkFleet(
  at: Path,
  endpoint: EndpointFile,
  name: string,
  isProtected: boolean,
  findings: Findings,
): void {
  const own = ownValue(endpoint.environments, name);
  const count = own?.instanceCount ?? endpoint.variant.instanceCount;
  const type = own?.instanceType ?? endpoint.variant.instanceType;
  const place = (field: 'instanceCount' | 'instanceType'): Path =>
    own?.[field] === undefined ? [...at, 'variant', field] : [...at, 'environments', name, field];
  if (isProtected && count < 2)
    findings.warning(
      place('instanceCount'),
      `One instance serves "${name}": when it or its zone fails, nobody answers.`,
      'Two instances stand in two availability zones.',
    );
  if (isProtected && type.startsWith('ml.t2.'))
    findings.warning(
      place('instanceType'),
      `${type} serves "${name}": it runs out of CPU credits and cannot scale automatically.`,
      'Choose one such as ml.m5.large.',
    );
  const deployment = own?.deployment ?? endpoint.deployment;
  if (deployment.type === 'all-at-once') return;
  const written: Path = own?.deployment ? [...at, 'environments', name, 'deployment'] : [...at, 'deployment'];
  if (deployment.type === 'linear' && deployment.percent < 10)
    findings.error([...written, 'percent'], 'A linear step is 10 to 50 percent.');
  if (count < 2)
    findings.warning(
      [...written, 'type'],
      `A ${deployment.type} deployment needs two instances; "${name}" has one.`,
      `Use "all-at-once" there, or two instances.`,
    );
  if (deployment.alarms.length === 0)
    findings.warning(
      [...written, 'alarms'],
      'Without an alarm nothing would stop a bad deployment.',
      'Name CloudWatch alarms.',
    );
}

function checkModelNames(file: ProjectFile, findings: Findings): void {
  const names = new Map<string, string>();
  const groups = new Map<string, string>();
  const targets = new Map<string, string>();
  for (const [name, model] of Object.entries(file.models)) {
    const target = model.targetModel ?? `${name}.tar.gz`;
    const sameName = take(names, name.toLowerCase(), name);
    if (sameName !== undefined)
      findings.errorAtKey(
        ['models', name],
        `"${name}" and "${sameName}" differ by case only, which AWS's names do not.`,
      );
    const sameGroup = take(groups, model.packageGroup.toLowerCase(), name);
    if (sameGroup !== undefined)
      findings.error(
        ['models', name, 'packageGroup'],
        `"${sameGroup}" uses this package group too; its versions could not be told apart.`,
        'Give each model a package group of its own.',
      );
    const sameTarget = take(targets, `${model.endpoint}/${target}`, name);
    if (sameTarget !== undefined)
      findings.error(
        ['models', name, 'targetModel'],
        `"${sameTarget}" is ${target} of endpoint "${model.endpoint}" already.`,
        'Give each model of an endpoint a target model of its own.',
      );
  }
}

/** Claims `key` for `name`; answers who had claimed it before. */
function take(claims: Map<string, string>, key: string, name: string): string | undefined {
  const before = claims.get(key);
  if (before === undefined) claims.set(key, name);
  return before;
}

/** One multi-model endpoint runs one container, so all its models must be of one image and version. */
function checkContainers(file: ProjectFile, findings: Findings): void {
  const first = new Map<string, { model: string; image: string }>();
  for (const [name, { endpoint, training }] of Object.entries(file.models)) {
    const builtIn = 'algorithm' in training;
    const image = builtIn ? `xgboost ${training.version}` : shortImage(training.image);
    const other = first.get(endpoint);
    if (other && other.image !== image)
      findings.error(
        ['models', name, 'training', builtIn ? 'version' : 'image'],
        `"${other.model}" of endpoint "${endpoint}" is ${other.image}, this is ${image}; one endpoint runs one container.`,
        'Use the same version, or another endpoint.',
      );
    else first.set(endpoint, { model: name, image });
    const regions = new Set(Object.values(file.environments).map((e) => e.region));
    for (const region of builtIn ? regions : [])
      if (!xgboostRegions.includes(region))
        findings.error(
          ['models', name, 'training', 'algorithm'],
          `SageMaker's XGBoost image is not known for ${region}.`,
          'Name the image itself: "image": "<ECR URI>".',
        );
  }
}

/** An image without its region, so that the same version in two spellings is one; the built-in one by its short name. */
function shortImage(uri: string): string {
  const image = parseImage(uri);
  if (!image) return uri;
  const builtIn = xgboostRegions.includes(image.region) && xgboostImage(image.region, image.tag) === uri;
  return builtIn ? `xgboost ${image.tag}` : uri;
}

function checkReferences(file: ProjectFile, at: Path, model: ModelFile, findings: Findings): void {
  const endpoints = Object.keys(file.endpoints);
  if (!endpoints.includes(model.endpoint))
    findings.error(
      [...at, 'endpoint'],
      `There is no endpoint "${model.endpoint}".`,
      suggestion(model.endpoint, endpoints),
    );
  const { champion } = model.evaluation;
  const environments = Object.keys(file.environments);
  if (champion !== undefined && !environments.includes(champion))
    findings.error(
      [...at, 'evaluation', 'champion'],
      `There is no environment "${champion}".`,
      suggestion(champion, environments),
    );
}

function checkData(at: Path, { data }: ModelFile, findings: Findings): void {
  const { split } = data;
  if (split.test + split.validation >= 1)
    findings.error(
      [...at, 'data', 'split', 'validation'],
      `Test (${split.test}) and validation (${split.validation}) leave nothing to train with.`,
    );
  if (split.by === 'time' && split.column === undefined)
    findings.error(
      [...at, 'data', 'split', 'by'],
      'A split by time needs the column to split by.',
      'Add "column".',
    );
  if (split.column !== undefined && split.column === data.label)
    findings.error([...at, 'data', 'split', 'column'], 'The label cannot be the column to split by.');
  if (/^([a-z]:|[/\\])|(^|[/\\])\.\.([/\\]|$)/i.test(data.query))
    findings.error(
      [...at, 'data', 'query'],
      'The query must be a file inside the project.',
      'Write it such as sql/delay.sql.',
    );
  for (const reserved of ['from', 'until'])
    if (Object.hasOwn(data.parameters, reserved))
      findings.errorAtKey(
        [...at, 'data', 'parameters', reserved],
        `{{${reserved}}} is the window's; a parameter cannot have this name.`,
      );
}

/** Found out here and not after a tuning job was paid for. */
function checkMetric(at: Path, metric: string, findings: Findings): void {
  if (metricNames.includes(metric)) return;
  findings.error(at, `There is no metric "${metric}".`, suggestion(metric, [...metricNames]));
}

function checkGates(at: Path, { evaluation }: ModelFile, findings: Findings): void {
  evaluation.metrics?.forEach((metric, index) => {
    checkMetric([...at, 'evaluation', 'metrics', index], metric, findings);
  });
  evaluation.gates.forEach((gate, index) => {
    const place: Path = [...at, 'evaluation', 'gates', index];
    const { maxRegression, maxRegressionPercent, min, max } = gate;
    checkMetric([...place, 'metric'], gate.metric, findings);
    if ([maxRegression, maxRegressionPercent, min, max].every((bound) => bound === undefined))
      findings.error(
        place,
        'This gate lets everything through.',
        'Add "maxRegressionPercent", "maxRegression", "min" or "max".',
      );
    if (min !== undefined && max !== undefined && min > max)
      findings.error([...place, 'min'], `Nothing is at least ${min} and at most ${max}.`);
  });
}
