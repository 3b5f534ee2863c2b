import { ListModelPackagesCommand } from '@aws-sdk/client-sagemaker';
import { collect, pages } from '../aws/pages';
import type { Session } from '../aws/session';
import type { Environment } from '../project/project';
import { mapParallel } from '../task';
import { groupArn } from './groups';
import { listSummaries, parseVersionArn, summaryOf, type VersionSummary } from './versions';

/** Above this many groups the whole account is asked, whose other groups' versions then come along in vain. */
const manyGroups = 40;

/** The versions of these groups that wait for approval, the newest first; at most four calls at a time. */
export async function listPending(
  session: Pick<Session, 'sagemaker'>,
  registry: Pick<Environment, 'accountId' | 'region'>,
  groups: readonly string[],
): Promise<VersionSummary[]> {
  const distinct = [...new Set(groups)];
  const found =
    distinct.length > manyGroups
      ? await pendingInAccount(session, new Set(distinct))
      : await mapParallel(distinct, 4, (group) =>
          listSummaries(session, groupArn(registry, group), { approval: 'PendingManualApproval' }),
        );
  return found.flat().sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
}

/** One listing over all groups of the account: `ModelPackageType` has to be given, or versions are left out. */
async function pendingInAccount(
  session: Pick<Session, 'sagemaker'>,
  groups: ReadonlySet<string>,
): Promise<VersionSummary[]> {
  const all = await collect(
    pages(async (token) => {
      const page = await session.sagemaker().send(
        new ListModelPackagesCommand({
          ModelPackageType: 'Versioned',
          ModelApprovalStatus: 'PendingManualApproval',
          SortBy: 'CreationTime',
          SortOrder: 'Descending',
          MaxResults: 100,
          NextToken: token,
        }),
      );
      return { items: (page.ModelPackageSummaryList ?? []).map(summaryOf), next: page.NextToken };
    }),
  );
  return all.filter(({ arn }) => groups.has(parseVersionArn(arn).group));
}
