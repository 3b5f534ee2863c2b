import type {
  AddTagsInput,
  AddTagsOutput,
  DeleteTagsInput,
  DeleteTagsOutput,
  ListTagsInput,
  ListTagsOutput,
  Tag,
} from '@aws-sdk/client-sagemaker';
import { AddTags$, DeleteTags$, ListTags$ } from '@aws-sdk/client-sagemaker';
import type { Operation, Valid } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Caller } from '../service';
import { ServiceError } from '../service';
import { parseArn } from './arn';
import type { Context } from './context';
import { validationError } from './errors';
import { page } from './paging';

export type Tags = Valid<Tag>[];

/** Later tags win over earlier ones of the same key. @throws ServiceError ValidationException beyond 50 tags */
export function mergeTags(old: Tags, added: Tags): Tags {
  const merged = new Map([...old, ...added].map((tag) => [tag.Key, tag.Value]));
  if (merged.size > 50) throw validationError('Number of tags exceeds the limit of 50 tags per resource.');
  return [...merged].map(([Key, Value]) => ({ Key, Value }));
}

export function tagOperations(context: Context): Operation[] {
  return [
    operation<AddTagsInput, AddTagsOutput>(AddTags$, (input, caller) => {
      demandResource(context, caller, input.ResourceArn);
      const tags = mergeTags(context.tags.get(input.ResourceArn) ?? [], input.Tags);
      context.tags.set(input.ResourceArn, tags);
      return { Tags: tags };
    }),
    operation<ListTagsInput, ListTagsOutput>(ListTags$, (input, caller) => {
      demandResource(context, caller, input.ResourceArn);
      const { items, ...rest } = page(context.tags.get(input.ResourceArn) ?? [], input, 50);
      return { Tags: items, ...rest };
    }),
    operation<DeleteTagsInput, DeleteTagsOutput>(DeleteTags$, (input, caller) => {
      demandResource(context, caller, input.ResourceArn);
      const left = (context.tags.get(input.ResourceArn) ?? []).filter(
        (tag) => !input.TagKeys.includes(tag.Key),
      );
      context.tags.set(input.ResourceArn, left);
      return {};
    }),
  ];
}

function demandResource(context: Context, caller: Caller, arn: string): void {
  const parsed = parseArn(arn);
  if (!parsed) throw validationError(`Invalid resource ARN: ${arn}`);
  if (parsed.accountId !== caller.accountId || parsed.region !== caller.region) {
    throw new ServiceError('AccessDeniedException', `User: ${caller.arn} is not authorized to access ${arn}`);
  }
  if (!context.exists(parsed)) throw validationError(`Could not find resource "${arn}".`);
}
