import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Session } from '../aws/session';

/** What CloudWatch knows of an endpoint's model cache over the last hour; null where it has no data. */
export interface CacheMetrics {
  /** Average models in memory per instance. */
  loadedModels: number | null;
  /** Share of invocations whose model was loaded already, 0–1. */
  hitRatio: number | null;
  invocations: number | null;
}

/**
 * Reads the multi-model metrics. CloudWatch has none per target model, and names the two namespaces differently:
 * `AWS/SageMaker` for the cache, `/aws/sagemaker/Endpoints` for the instances.
 */
export async function readCacheMetrics(
  session: Session,
  endpointName: string,
  variantName: string,
  now: Date,
): Promise<CacheMetrics> {
  const dimensions = [
    { Name: 'EndpointName', Value: endpointName },
    { Name: 'VariantName', Value: variantName },
  ];
  const query = (id: string, namespace: string, metric: string, stat: string): MetricDataQuery => ({
    Id: id,
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: metric, Dimensions: dimensions },
      Period: 60,
      Stat: stat,
    },
  });
  const { MetricDataResults = [] } = await session.cloudWatch().send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - 3_600_000),
      // The current minute is still being collected; asking beyond it does not hurt.
      EndTime: new Date(now.getTime() + 60_000),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: [
        query('loaded', '/aws/sagemaker/Endpoints', 'LoadedModelCount', 'Average'),
        query('hits', 'AWS/SageMaker', 'ModelCacheHit', 'Average'),
        query('lookups', 'AWS/SageMaker', 'ModelCacheHit', 'SampleCount'),
        query('invocations', 'AWS/SageMaker', 'Invocations', 'Sum'),
      ],
    }),
  );
  const values = (id: string) => MetricDataResults.find((result) => result.Id === id)?.Values ?? [];
  const hits = values('hits');
  const lookups = values('lookups');
  const total = lookups.reduce((sum, value) => sum + value, 0);
  return {
    loadedModels: values('loaded')[0] ?? null,
    hitRatio: total ? hits.reduce((sum, hit, i) => sum + hit * (lookups[i] ?? 0), 0) / total : null,
    invocations: values('invocations').length
      ? values('invocations').reduce((sum, value) => sum + value, 0)
      : null,
  };
}
