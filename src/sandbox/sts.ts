import { text } from 'node:stream/consumers';
import { AssumeRole$, GetAccessKeyInfo$, GetCallerIdentity$ } from '@aws-sdk/client-sts';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import type { Accounts } from './accounts';
import { readForm } from './protocol/aws-query';
import { type Exchange, type Handler, type Reply, ServiceError } from './service';
import { type XmlElement, xmlDocument } from './xml';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

interface Operation {
  schema: StaticOperationSchema;
  run(exchange: Exchange, input: URLSearchParams): XmlElement;
}

/** The Security Token Service: GetCallerIdentity, AssumeRole and GetAccessKeyInfo, in the query protocol. */
export function createSts(accounts: Accounts): Handler {
  const operations: Operation[] = [
    {
      schema: GetCallerIdentity$,
      run: ({ caller: { arn, accountId } }) => ({
        Arn: arn,
        UserId: accounts.userIdOf(arn),
        Account: accountId,
      }),
    },
    { schema: AssumeRole$, run: (exchange, input) => assumeRole(accounts, exchange, input) },
    { schema: GetAccessKeyInfo$, run: (_, input) => ({ Account: accountOfKey(accounts, input) }) },
  ];
  return async (exchange): Promise<Reply> => {
    const input = new URLSearchParams(
      exchange.method === 'POST' ? await text(exchange.body) : exchange.query,
    );
    const operation = input.get('Action') ?? '';
    const found = operations.find(({ schema }) => schema[2] === operation);
    if (!found) {
      throw new ServiceError('InvalidAction', `Could not find operation ${operation}`, 400, {}, operation);
    }
    const params = readForm(NormalizedSchema.of(found.schema[4]), input);
    try {
      const body = {
        [`${operation}Result`]: found.run(exchange, input),
        ResponseMetadata: { RequestId: exchange.requestId ?? '' },
      };
      return {
        status: 200,
        headers: { 'content-type': 'text/xml' },
        body: xmlDocument(`${operation}Response`, body, namespace),
        operation,
        params,
      };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new ServiceError(error.name, error.message, error.status, error.fields, operation, params);
    }
  };
}

function assumeRole(accounts: Accounts, { caller }: Exchange, input: URLSearchParams): XmlElement {
  const roleArn = input.get('RoleArn') ?? '';
  const session = input.get('RoleSessionName') ?? '';
  const [, accountId = '', roleName = ''] =
    /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(roleArn) ?? [];
  if (!roleName) throw invalid(`${roleArn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
    throw invalid(
      `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]* and have a length between 2 and 64`,
    );
  }
  if (!accounts.has(accountId)) {
    throw new ServiceError(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      403,
    );
  }
  const credentials = accounts.assume(accountId, roleName, session, duration(input, caller.arn));
  return {
    AssumedRoleUser: { AssumedRoleId: credentials.userId, Arn: credentials.arn },
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiration,
    },
  };
}

/** Seconds asked for; a role that assumes another may have one hour at most. */
function duration(input: URLSearchParams, callerArn: string): number {
  const seconds = Number(input.get('DurationSeconds') ?? 3600);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43200) {
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`,
    );
  }
  if (seconds > 3600 && callerArn.includes(':assumed-role/')) {
    throw invalid(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  return seconds;
}

function accountOfKey(accounts: Accounts, input: URLSearchParams): string {
  const found = accounts.find(input.get('AccessKeyId') ?? '');
  if (!found) throw invalid('The access key does not exist.');
  return found.accountId;
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
