import {
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  type LogStream,
} from '@aws-sdk/client-cloudwatch-logs';
import { mapParallel } from '../task';
import { isNotFound } from './errors';
import { collect, pages } from './pages';
import type { Session } from './session';

/** Where SageMaker writes the logs of jobs and endpoints (Developer Guide, "Log groups and streams"). */
export const logGroups = {
  training: '/aws/sagemaker/TrainingJobs',
  transform: '/aws/sagemaker/TransformJobs',
  endpoint: (endpointName: string) => `/aws/sagemaker/Endpoints/${endpointName}`,
};

export interface LogLine {
  /** ISO-8601, UTC. */
  at: string;
  stream: string;
  message: string;
}

/** Streams that are read: each costs a call, and CloudWatch allows ten of them a second. */
const maxStreams = 20;
const maxPages = 20;
/** GetLogEvents answers at most so many events. */
const pageSize = 10_000;

/**
 * The newest lines of a log group's streams whose names begin with `streamPrefix`, oldest first; none when nothing was
 * logged yet. Of many streams, the twenty that were written to last are read.
 * @param options.limit how many lines at most, over all streams
 */
export async function readLogs(
  session: Pick<Session, 'logs'>,
  group: string,
  streamPrefix: string,
  options: { limit: number; signal?: AbortSignal },
): Promise<LogLine[]> {
  const streams = await newestStreams(session, group, streamPrefix);
  const lines = await mapParallel(streams, 4, (stream) => tailOf(session, group, stream, options));
  // A stable sort: lines of one stream stay in their order also within a millisecond.
  return lines
    .flat()
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .slice(-options.limit);
}

/** CloudWatch orders by time only without a prefix, so that the streams of a prefix are sorted here. */
async function newestStreams(
  session: Pick<Session, 'logs'>,
  group: string,
  prefix: string,
): Promise<string[]> {
  const listed = collect<LogStream>(
    pages(async (token) => {
      const page = await session.logs().send(
        new DescribeLogStreamsCommand({
          logGroupName: group,
          ...(prefix === '' ? {} : { logStreamNamePrefix: prefix }),
          nextToken: token,
        }),
      );
      return { items: page.logStreams ?? [], next: page.nextToken };
    }),
    1000,
  );
  const streams = await listed.catch((error: unknown) => {
    if (isNotFound(error)) return [];
    throw error;
  });
  return streams
    .sort(
      (a, b) => (b.lastEventTimestamp ?? b.creationTime ?? 0) - (a.lastEventTimestamp ?? a.creationTime ?? 0),
    )
    .slice(0, maxStreams)
    .flatMap(({ logStreamName }) => logStreamName ?? []);
}

/** The last lines of one stream. A page may be empty while earlier ones are not; the same token again is the end. */
async function tailOf(
  session: Pick<Session, 'logs'>,
  group: string,
  stream: string,
  { limit, signal }: { limit: number; signal?: AbortSignal },
): Promise<LogLine[]> {
  let lines: LogLine[] = [];
  let token: string | undefined;
  for (let page = 0; page < maxPages && lines.length < limit; page++) {
    const answer = await session.logs().send(
      new GetLogEventsCommand({
        logGroupName: group,
        logStreamName: stream,
        startFromHead: false,
        limit: Math.min(limit - lines.length, pageSize),
        nextToken: token,
      }),
      signal ? { abortSignal: signal } : {},
    );
    const earlier = (answer.events ?? []).map(({ timestamp, message }) => ({
      at: new Date(timestamp ?? 0).toISOString(),
      stream,
      message: (message ?? '').trimEnd(),
    }));
    lines = [...earlier, ...lines];
    if (answer.nextBackwardToken === undefined || answer.nextBackwardToken === token) break;
    token = answer.nextBackwardToken;
  }
  return lines;
}
