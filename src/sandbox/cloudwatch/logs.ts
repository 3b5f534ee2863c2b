import type {
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  FilteredLogEvent,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
  LogStream as StreamDescription,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeLogGroups$,
  DescribeLogStreams$,
  FilterLogEvents$,
  GetLogEvents$,
} from '@aws-sdk/client-cloudwatch-logs';
import { awsJson } from '../protocol/aws-json';
import { NO_LIMITS } from '../protocol/limits';
import type { Operation, Valid } from '../protocol/types';
import { operation, operations } from '../protocol/types';
import { page, sorted } from '../sagemaker/paging';
import type { Caller, Handler } from '../service';
import { ServiceError } from '../service';
import { filterOf } from './filter-pattern';
import type { LogEvent, LogStore, LogStream } from './log-store';

/** Most events of one answer. */
const MAX_EVENTS = 10_000;

/** CloudWatch Logs (SigV4 service `logs`), for reading what jobs and endpoints wrote. */
export function createLogs(logs: LogStore): Handler {
  return awsJson('Logs_20140328', '1.1', operations(logOperations(logs)), NO_LIMITS);
}

function logOperations(logs: LogStore): Operation[] {
  return [
    operation<DescribeLogGroupsRequest, DescribeLogGroupsResponse>(DescribeLogGroups$, (input, caller) => {
      const { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '' } = input;
      const groups = [...groupsOf(logs, caller)]
        .filter(([name]) => name.startsWith(prefix) && name.toLowerCase().includes(pattern.toLowerCase()))
        .map(([logGroupName, streams]) => ({
          logGroupName,
          creationTime: Math.min(...streams.map((each) => each.created)),
          metricFilterCount: 0,
          arn: `${groupArn(caller, logGroupName)}:*`,
          logGroupArn: groupArn(caller, logGroupName),
          logGroupClass: 'STANDARD' as const,
          storedBytes: streams.reduce((sum, each) => sum + each.bytes, 0),
        }));
      const ordered = sorted(
        groups,
        (each) => each.logGroupName,
        'Ascending',
        () => '',
      );
      const { items, NextToken } = page(ordered, pageOf(input), 50);
      return { logGroups: items, nextToken: NextToken };
    }),
    operation<DescribeLogStreamsRequest, DescribeLogStreamsResponse>(DescribeLogStreams$, (input, caller) => {
      const { logStreamNamePrefix: prefix = '' } = input;
      const byTime = input.orderBy === 'LastEventTime';
      if (byTime && prefix !== '') throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
      const group = groupOf(input);
      const streams = streamsOf(logs, caller, group).filter((each) => each.stream.startsWith(prefix));
      const ordered = sorted(
        streams,
        (each) => (byTime ? (each.last ?? 0) : each.stream),
        input.descending ? 'Descending' : 'Ascending',
        (each) => each.stream,
      );
      const { items, NextToken } = page(ordered, pageOf(input), 50);
      return { logStreams: items.map((each) => describeStream(caller, each)), nextToken: NextToken };
    }),
    operation<GetLogEventsRequest, GetLogEventsResponse>(GetLogEvents$, (input, caller) => {
      const streams = streamsOf(logs, caller, groupOf(input));
      const stream = streams.find((each) => each.stream === input.logStreamName);
      if (!stream) throw notFound('The specified log stream does not exist.');
      return window(within(logs.events(stream), input), input);
    }),
    operation<FilterLogEventsRequest, FilterLogEventsResponse>(FilterLogEvents$, (input, caller) => {
      const { logStreamNames: names, logStreamNamePrefix: prefix = '' } = input;
      const passes = filterOf(input.filterPattern);
      const events = streamsOf(logs, caller, groupOf(input))
        .filter((each) => each.stream.startsWith(prefix) && (names?.includes(each.stream) ?? true))
        .flatMap((stream) =>
          logs.events(stream).map((event, i): FilteredLogEvent & LogEvent => ({
            ...event,
            logStreamName: stream.stream,
            ingestionTime: event.timestamp,
            eventId: `${event.timestamp}${String(i).padStart(8, '0')}`,
          })),
        )
        .filter((event) => passes(event.message));
      const ordered = within(events, input).sort((a, b) => a.timestamp - b.timestamp);
      const { items, NextToken } = page(ordered, pageOf(input), MAX_EVENTS);
      return { events: items, searchedLogStreams: [], nextToken: NextToken };
    }),
  ];
}

interface Range {
  startTime?: number;
  endTime?: number;
}

/** The start is inclusive, the end exclusive, both in milliseconds. */
function within<T extends LogEvent>(
  events: T[],
  { startTime = 0, endTime = Number.POSITIVE_INFINITY }: Range,
): T[] {
  return events.filter((each) => each.timestamp >= startTime && each.timestamp < endTime);
}

/** A window of a stream's events; its tokens go on from either end, and stay the same where there is no more. */
function window(events: LogEvent[], input: Valid<GetLogEventsRequest>): GetLogEventsResponse {
  const limit = input.limit ?? MAX_EVENTS;
  const token = /^([fb])\/(\d+)\/s$/.exec(input.nextToken ?? '');
  if (input.nextToken !== undefined && !token) throw invalid('The specified nextToken is invalid.');
  const position = Number(token?.[2] ?? 0);
  const fromHead = token ? token[1] === 'f' : (input.startFromHead ?? false);
  const end = fromHead
    ? Math.min(events.length, position + limit)
    : token
      ? Math.min(position, events.length)
      : events.length;
  const start = fromHead ? Math.min(position, end) : Math.max(0, end - limit);
  return {
    events: events.slice(start, end).map((each) => ({ ...each, ingestionTime: each.timestamp })),
    nextForwardToken: `f/${String(end).padStart(20, '0')}/s`,
    nextBackwardToken: `b/${String(start).padStart(20, '0')}/s`,
  };
}

function groupsOf(logs: LogStore, caller: Caller): Map<string, LogStream[]> {
  const groups = new Map<string, LogStream[]>();
  for (const stream of logs.streams(caller)) {
    groups.set(stream.group, [...(groups.get(stream.group) ?? []), stream]);
  }
  return groups;
}

function streamsOf(logs: LogStore, caller: Caller, group: string): LogStream[] {
  const streams = groupsOf(logs, caller).get(group);
  if (!streams) throw notFound('The specified log group does not exist.');
  return streams;
}

/** The group's name, given as such or in an ARN. */
function groupOf(input: { logGroupName?: string; logGroupIdentifier?: string }): string {
  const name =
    input.logGroupName ?? input.logGroupIdentifier?.replace(/^arn:[^:]+:logs:[^:]*:\d*:log-group:/, '');
  if (name === undefined) throw invalid('Either logGroupName or logGroupIdentifier must be given.');
  return name;
}

function describeStream(caller: Caller, each: LogStream): StreamDescription {
  return {
    logStreamName: each.stream,
    creationTime: each.created,
    firstEventTimestamp: each.first,
    lastEventTimestamp: each.last,
    lastIngestionTime: each.last,
    arn: `${groupArn(caller, each.group)}:log-stream:${each.stream}`,
    storedBytes: 0,
  };
}

function groupArn({ region, accountId }: Caller, group: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${group}`;
}

function pageOf(input: { limit?: number; nextToken?: string }) {
  return { MaxResults: input.limit, NextToken: input.nextToken };
}

function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}
