import type { ComparisonRequest } from '../../comparison/comparison';
import type { ExportFormat } from '../../comparison/panel';
import type { Environment, Project } from '../../project/project';
import type { L10n } from '../trees/l10n';

/** The same for requests that show the same, whatever the order. Pure. */
export function keyOf({ arns, baseline }: ComparisonRequest): string {
  return JSON.stringify([[...new Set(arns)].sort(), baseline]);
}

/**
 * `Compare flights-delay-ord 3`, `Compare 2 versions of flights-delay-ord`, `Compare 4 models: flights in qa`. Pure.
 * @param project undefined while it is not known yet
 */
export function titleOf(
  l10n: L10n,
  { arns, baseline }: ComparisonRequest,
  project: Pick<Project, 'models'> | undefined,
): string {
  const groups = groupsOf(arns);
  const [group = ''] = groups;
  if (groups.length <= 1) {
    const [arn = ''] = arns;
    return arns.length === 1
      ? l10n.t('Compare {0} {1}', group, versionOf(arn))
      : l10n.t('Compare {0} versions of {1}', arns.length, group);
  }
  const models = project?.models.filter(({ packageGroup }) => groups.includes(packageGroup)) ?? [];
  const endpoints = [...new Set(models.map(({ endpoint }) => endpoint))].join(', ');
  if (endpoints === '') return l10n.t('Compare {0} models', groups.length);
  return baseline === null
    ? l10n.t('Compare {0} models: {1}', groups.length, endpoints)
    : l10n.t('Compare {0} models: {1} in {2}', groups.length, endpoints, baseline);
}

/** A name for a file that any system can write. Pure. */
export function fileNameOf({ arns }: ComparisonRequest, format: ExportFormat): string {
  const groups = groupsOf(arns);
  const [arn = ''] = arns;
  const what =
    groups.length > 1
      ? `${groups.length}-models`
      : [groups[0] ?? '', ...(arns.length === 1 ? [versionOf(arn)] : [])].join('-');
  return `comparison-${what.replace(/[^\w-]+/g, '-')}.${format === 'markdown' ? 'md' : format}`;
}

function groupsOf(arns: readonly string[]): string[] {
  return [...new Set(arns.map((arn) => arn.split('/').at(-2) ?? ''))];
}

export function versionOf(arn: string): string {
  return arn.split('/').at(-1) ?? '';
}

/** Whether all versions are in the registry of a project. Pure. */
export function isOf(
  { arns }: ComparisonRequest,
  registry: Pick<Environment, 'accountId' | 'region'>,
): boolean {
  return arns.every((arn) => {
    const [, , , region, account] = arn.split(':');
    return region === registry.region && account === registry.accountId;
  });
}
