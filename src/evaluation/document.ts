import { z } from 'zod';
import { WarmstartError } from '../errors';
import type { Evaluation, Metrics, Scorecard } from './report';

/** JSON has no NaN; a number that is not finite is null there. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const numbers = z.array(number);
const kind = z.enum(['regression', 'binary', 'multiclass']);

const scorecard = z.object({
  metrics: z.record(z.string(), number),
  mapeRows: number.optional(),
  residuals: z.object({ edges: numbers, counts: numbers }).optional(),
  deciles: z
    .array(
      z.object({
        from: number,
        to: number,
        rows: number,
        meanLabel: number,
        meanPrediction: number,
        mae: number,
        rmse: number,
      }),
    )
    .optional(),
  grid: z.object({ predictionEdges: numbers, labelEdges: numbers, counts: z.array(numbers) }).optional(),
  confusion: z.object({ labels: z.array(z.string()), counts: z.array(numbers) }).optional(),
  calibration: z
    .array(z.object({ from: number, to: number, rows: number, meanProbability: number, rate: number }))
    .optional(),
  features: z
    .array(
      z.object({
        feature: z.string(),
        bins: z.array(z.object({ label: z.string(), rows: number, error: number, bias: number })),
      }),
    )
    .optional(),
  roc: z.array(z.object({ falsePositiveRate: number, truePositiveRate: number })).optional(),
});

const subject = z.object({
  trainingJob: z.string(),
  artifact: z.object({ s3Uri: z.string(), etag: z.string(), sha256: z.string() }),
  image: z.string(),
  packageArn: z.string().optional(),
  version: z.number().optional(),
  engine: z.enum(['local', 'batch-transform']),
  scorecard,
});

const gate = z.object({
  metric: z.string(),
  maxRegressionPercent: z.number().optional(),
  maxRegression: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
});

const evaluation: z.ZodType<Evaluation> = z.object({
  formatVersion: z.literal(1),
  model: z.string(),
  layer: z.string(),
  runId: z.string(),
  createdAt: z.string(),
  testing: z.boolean(),
  kind,
  objective: z.string(),
  tuningMetric: z.string(),
  dataset: z.object({
    s3Uri: z.string(),
    test: z.object({ s3Uri: z.string(), rows: z.number(), sha256: z.string() }),
  }),
  candidate: subject,
  champion: subject.nullable(),
  championEnvironment: z.string().nullable(),
  championNote: z.string().nullable(),
  differences: z.array(
    z.object({ metric: z.string(), estimate: number, low: number, high: number, resamples: z.number() }),
  ),
  gates: z.array(
    z.object({
      gate,
      passed: z.boolean(),
      candidate: z.number().nullable(),
      champion: z.number().nullable(),
      reason: z.string(),
    }),
  ),
  drift: z.array(
    z.object({ feature: z.string(), psi: number, level: z.enum(['none', 'moderate', 'strong']) }),
  ),
  warnings: z.array(z.string()),
});

/**
 * The content of `evaluation.json`: SageMaker Studio's blocks for the registry page at the top level (shapes of
 * Model Monitor's model quality metrics) and the whole evaluation under `warmstart`. Plain JSON, no NaN.
 */
export function toDocument(evaluation: Evaluation): Record<string, unknown> {
  return { ...studioBlocks(evaluation), warmstart: withoutNaN(evaluation) };
}

/** `evaluation.json` as it is stored. */
export function documentText(evaluation: Evaluation): string {
  return `${JSON.stringify(toDocument(evaluation), null, 2)}\n`;
}

/**
 * Reads the content of an `evaluation.json` that was written by {@link toDocument}.
 * @throws WarmstartError `evaluation.unreadable` for files of other tools, broken ones and those of a newer version
 */
export function fromDocument(document: unknown): Evaluation {
  const ours = typeof document === 'object' && document !== null && 'warmstart' in document;
  if (!ours) throw unreadable('it was not written by Warmstart');
  const format = formatOf(document.warmstart);
  if (format !== undefined && format !== 1) throw unreadable(`its format ${format} is of another version`);
  const read = evaluation.safeParse(document.warmstart);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw unreadable(
    `${['warmstart', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'invalid'}`,
    read.error,
  );
}

function formatOf(ours: unknown): number | undefined {
  if (typeof ours !== 'object' || ours === null || !('formatVersion' in ours)) return undefined;
  return typeof ours.formatVersion === 'number' ? ours.formatVersion : undefined;
}

/**
 * Reads the text of an `evaluation.json`.
 * @throws WarmstartError `evaluation.unreadable`
 */
export function parseDocument(text: string): Evaluation {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw unreadable('it is not JSON', cause);
  }
  return fromDocument(document);
}

function unreadable(why: string, cause?: unknown): WarmstartError {
  return new WarmstartError('evaluation.unreadable', `The evaluation cannot be read: ${why}.`, {
    remedy: 'Evaluate the version again, or open it with the version of Warmstart that wrote it.',
    cause,
  });
}

/** JSON.stringify writes every number that is not finite as null. */
function withoutNaN(value: Evaluation): unknown {
  return JSON.parse(JSON.stringify(value));
}

function studioBlocks({ kind, candidate: { scorecard } }: Evaluation): Record<string, unknown> {
  const { metrics } = scorecard;
  if (kind === 'regression') return { regression_metrics: values(metrics) };
  if (kind === 'multiclass') {
    return { multiclass_classification_metrics: { ...confusionBlock(scorecard), ...values(metrics) } };
  }
  return {
    binary_classification_metrics: {
      ...confusionBlock(scorecard),
      ...values(metrics),
      ...rates(scorecard),
      ...rocBlock(scorecard),
    },
  };
}

/** Studio wants a deviation with every value; Model Monitor writes "NaN" when it has none. */
function values(metrics: Metrics): Record<string, { value: number; standard_deviation: 'NaN' }> {
  const known = Object.entries(metrics).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(known.map(([name, value]) => [name, { value, standard_deviation: 'NaN' }]));
}

/** Actual → predicted → rows. */
function confusionBlock({ confusion }: Scorecard): Record<string, unknown> {
  if (!confusion) return {};
  const row = (counts: number[]) =>
    Object.fromEntries(confusion.labels.map((label, k) => [label, counts[k]]));
  return {
    confusion_matrix: Object.fromEntries(
      confusion.labels.map((label, k) => [label, row(confusion.counts[k] ?? [])]),
    ),
  };
}

function rates({ confusion }: Scorecard): Record<string, unknown> {
  if (!confusion) return {};
  const share = (actual: number, predicted: number) => {
    const counts = confusion.counts[actual] ?? [];
    return (counts[predicted] ?? Number.NaN) / counts.reduce((a, b) => a + b, 0);
  };
  return values({
    true_positive_rate: share(1, 1),
    true_negative_rate: share(0, 0),
    false_positive_rate: share(0, 1),
    false_negative_rate: share(1, 0),
  });
}

function rocBlock({ roc }: Scorecard): Record<string, unknown> {
  if (!roc) return {};
  return {
    receiver_operating_characteristic_curve: {
      false_positive_rates: roc.map((point) => point.falsePositiveRate),
      true_positive_rates: roc.map((point) => point.truePositiveRate),
    },
  };
}
