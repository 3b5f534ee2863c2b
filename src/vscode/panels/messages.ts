import type { Column, Comparison, ComparisonRequest } from '../../comparison/comparison';
import type { ExportFormat, FromPanel } from '../../comparison/panel';

/** What a panel shows: the only things that it may be asked about. */
export interface Shown {
  request: ComparisonRequest;
  comparison: Comparison;
}

type Check = (value: unknown) => boolean;
type Fields<T> = { [Name in Exclude<keyof T, 'type'>]: Check };

/** Of a comparison that somebody still reads. */
const mostVersions = 100;
const versionArn =
  /^arn:aws[a-z-]{0,20}:sagemaker:[a-z0-9-]{1,30}:\d{12}:model-package\/[A-Za-z0-9-]{1,63}\/\d{1,9}$/;

const isText: Check = (value) => typeof value === 'string' && value.length <= 2048;
const isVersion: Check = (value) => Number.isSafeInteger(value) && Number(value) > 0;
const isOneOf =
  <T extends string>(...words: T[]): Check =>
  (value) =>
    words.some((word) => word === value);

const shapes: { [Type in FromPanel['type']]: Fields<Extract<FromPanel, { type: Type }>> } = {
  ready: {},
  reload: {},
  baseline: { environment: (value) => value === null || isText(value) },
  measure: {},
  add: { group: isText, version: isVersion },
  remove: { arn: isText },
  decide: { arn: isText, decision: isOneOf('Approved', 'Rejected') },
  release: { endpoint: isText },
  copyArn: { arn: isText },
  openEvaluation: { arn: isText },
  export: {
    format: isOneOf<ExportFormat>('markdown', 'csv', 'html'),
    to: isOneOf('clipboard', 'file'),
  },
};

/** A message as the contract has it, with nothing else in it; undefined for anything that is not one. Pure. */
export function messageOf(data: unknown): FromPanel | undefined {
  const type = fieldOf(data, 'type');
  if (typeof type !== 'string' || !isType(type)) return undefined;
  const message: Record<string, unknown> = { type };
  for (const [name, check] of Object.entries<Check>(shapes[type])) {
    const value = fieldOf(data, name);
    if (!check(value)) return undefined;
    message[name] = value;
  }
  return message as FromPanel;
}

/** Whether a message is about something that the panel shows; nothing else is carried out. Pure. */
export function isAboutShown(message: FromPanel, { request, comparison }: Shown): boolean {
  switch (message.type) {
    case 'ready':
    case 'reload':
      return true;
    case 'baseline':
      return message.environment === null || comparison.environments.includes(message.environment);
    case 'measure':
      return comparison.models.some((model) => model.columns.length > 1);
    case 'add':
      return comparison.models.some(
        ({ group, history }) => group === message.group && history.versions.includes(message.version),
      );
    case 'remove':
      return request.arns.length > 1 && request.arns.includes(message.arn);
    case 'release':
      return comparison.models.some(({ endpoint }) => endpoint === message.endpoint);
    case 'decide':
    case 'copyArn':
    case 'openEvaluation':
      return columnOf(comparison, message.arn) !== undefined;
    case 'export':
      return message.format !== 'html' || message.to === 'file';
  }
}

export function columnOf({ models }: Comparison, arn: string): Column | undefined {
  return models.flatMap(({ columns }) => columns).find((column) => column.arn === arn);
}

/**
 * The request after somebody chose another baseline, added or removed a version, or wants what is shown measured on the same
 * rows. What comes new is not measured unasked. Pure.
 */
export function changedRequest(
  message: Extract<FromPanel, { type: 'baseline' | 'measure' | 'add' | 'remove' }>,
  { request, comparison }: Shown,
): ComparisonRequest {
  const { arns, baseline } = request;
  if (message.type === 'measure') return { ...request, measure: true };
  if (message.type === 'baseline') return { arns, baseline: message.environment };
  if (message.type === 'remove') return { ...request, arns: arns.filter((arn) => arn !== message.arn) };
  const sibling = comparison.models.find(({ group }) => group === message.group)?.columns[0]?.arn ?? '';
  const added = sibling.replace(/\d+$/, String(message.version));
  return { arns: [...new Set([...arns, added])].slice(0, mostVersions), baseline };
}

/** The request of a panel that VS Code kept over a reload; undefined when it is none. Pure. */
export function keptRequest(kept: unknown): ComparisonRequest | undefined {
  const request = fieldOf(kept, 'request');
  const arns = fieldOf(request, 'arns');
  const baseline = fieldOf(request, 'baseline');
  if (!Array.isArray(arns) || arns.length === 0 || arns.length > mostVersions) return undefined;
  if (!arns.every((arn) => isText(arn) && versionArn.test(arn))) return undefined;
  if (baseline !== null && (typeof baseline !== 'string' || !isText(baseline))) return undefined;
  return { arns: [...new Set<string>(arns)], baseline };
}

/** Of plain data only: nothing that an object inherits. */
function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function isType(type: string): type is FromPanel['type'] {
  return Object.hasOwn(shapes, type);
}
