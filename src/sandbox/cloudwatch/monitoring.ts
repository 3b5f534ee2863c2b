import type {
  Dimension,
  GetMetricDataInput,
  GetMetricDataOutput,
  GetMetricStatisticsInput,
  GetMetricStatisticsOutput,
  ListMetricsInput,
  ListMetricsOutput,
  MetricDataQuery,
  MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { GetMetricData$, GetMetricStatistics$, ListMetrics$ } from '@aws-sdk/client-cloudwatch';
import { awsJson } from '../protocol/aws-json';
import { awsQuery } from '../protocol/aws-query';
import { NO_LIMITS } from '../protocol/limits';
import { rpcV2Cbor } from '../protocol/rpc-v2-cbor';
import type { Operation, Valid, Wire } from '../protocol/types';
import { operation, operations } from '../protocol/types';
import { page } from '../sagemaker/paging';
import type { Caller, Handler } from '../service';
import { ServiceError } from '../service';
import type { MetricStore } from './metric-store';
import type { Point } from './statistics';
import { statistics } from './statistics';

/**
 * CloudWatch (SigV4 service `monitoring`), for reading what the sandbox's services measured. Clients differ in their
 * protocol: the JavaScript SDK speaks awsJson1.0, botocore rpcv2Cbor, older ones awsQuery.
 */
export function createMonitoring(metrics: MetricStore): Handler {
  const known = operations(monitoringOperations(metrics));
  const json = awsJson('GraniteServiceVersion20100801', '1.0', known, NO_LIMITS);
  const cbor = rpcV2Cbor(known, NO_LIMITS);
  const query = awsQuery('http://monitoring.amazonaws.com/doc/2010-08-01/', known, NO_LIMITS);
  return (exchange) => {
    if (exchange.headers['smithy-protocol'] === 'rpc-v2-cbor') return cbor(exchange);
    return exchange.headers['x-amz-target'] === undefined ? query(exchange) : json(exchange);
  };
}

function monitoringOperations(metrics: MetricStore): Operation[] {
  return [
    operation<GetMetricDataInput, GetMetricDataOutput>(GetMetricData$, (input, caller) => {
      const ids = input.MetricDataQueries.map((each) => each.Id);
      if (new Set(ids).size < ids.length) throw invalid('The values for parameter id are not unique.');
      return {
        MetricDataResults: input.MetricDataQueries.filter((each) => each.ReturnData ?? true).map((each) =>
          resultOf(metrics, caller, input, each),
        ),
        Messages: [],
      };
    }),
    operation<GetMetricStatisticsInput, GetMetricStatisticsOutput>(GetMetricStatistics$, (input, caller) =>
      getMetricStatistics(metrics, caller, input),
    ),
    operation<ListMetricsInput, ListMetricsOutput>(ListMetrics$, (input, caller) => {
      const wanted = metrics
        .metrics(caller)
        .filter((each) => input.Namespace === undefined || each.namespace === input.Namespace)
        .filter((each) => input.MetricName === undefined || each.name === input.MetricName)
        .filter((each) =>
          (input.Dimensions ?? []).every(({ Name, Value }) =>
            Value === undefined ? Name in each.dimensions : each.dimensions[Name] === Value,
          ),
        )
        .map((each) => ({
          Namespace: each.namespace,
          MetricName: each.name,
          Dimensions: Object.entries(each.dimensions).map(([Name, Value]) => ({ Name, Value })),
        }));
      const { items, ...rest } = page(wanted, { NextToken: input.NextToken }, 500);
      return { Metrics: items, ...rest };
    }),
  ];
}

function resultOf(
  metrics: MetricStore,
  caller: Caller,
  input: Valid<GetMetricDataInput>,
  query: Valid<MetricDataQuery>,
): Wire<MetricDataResult> {
  const { MetricStat: stat } = query;
  if (!stat) {
    throw invalid(
      `The query ${query.Id} is an expression; the sandbox answers plain metrics (MetricStat) only.`,
    );
  }
  const { Metric, Period, Stat } = stat;
  const points = pointsOf(metrics, caller, Metric, input, Period, Stat);
  if (input.ScanBy !== 'TimestampAscending') points.reverse();
  return {
    Id: query.Id,
    Label: query.Label ?? Metric.MetricName,
    Timestamps: points.map((each) => each.time),
    Values: points.map((each) => each.value),
    StatusCode: 'Complete',
  };
}

function getMetricStatistics(
  metrics: MetricStore,
  caller: Caller,
  input: Valid<GetMetricStatisticsInput>,
): Wire<GetMetricStatisticsOutput> {
  const plain = input.Statistics ?? [];
  const extended = input.ExtendedStatistics ?? [];
  if (plain.length + extended.length === 0) {
    throw invalid('At least one of the parameters Statistics and ExtendedStatistics must be specified.');
  }
  const series = [...plain, ...extended].map((name) => ({
    name,
    points: pointsOf(metrics, caller, input, input, input.Period, name),
  }));
  return {
    Label: input.MetricName,
    Datapoints: (series[0]?.points ?? []).map(({ time }, i) => {
      const values = Object.fromEntries(series.map(({ name, points }) => [name, points[i]?.value ?? 0]));
      const { SampleCount, Average, Sum, Minimum, Maximum, ...ExtendedStatistics } = values;
      return {
        Timestamp: time,
        SampleCount,
        Average,
        Sum,
        Minimum,
        Maximum,
        ...(extended.length > 0 ? { ExtendedStatistics } : {}),
      };
    }),
  };
}

interface MetricId {
  Namespace?: string;
  MetricName?: string;
  Dimensions?: Valid<Dimension>[];
}

function pointsOf(
  metrics: MetricStore,
  caller: Caller,
  { Namespace = '', MetricName = '', Dimensions = [] }: MetricId,
  { StartTime: start, EndTime: end }: { StartTime: Date; EndTime: Date },
  period: number,
  stat: string,
): Point[] {
  if (start >= end) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  const metric = metrics.find(caller, Namespace, MetricName, dimensions);
  return statistics(metric?.buckets ?? [], { start, end, period }, stat);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
