import { WarmstartError } from '../errors';
import { isPlain, plainValue } from '../tuning/tags';

/**
 * What a version says about itself in CustomerMetadataProperties, which the API limits to 50 keys of at most
 * 128 characters and values of at most 256, without commas, quotes or braces. Bigger things lie in S3.
 */
export interface VersionFacts {
  model: string;
  layer: string;
  runId: string;
  trainingJob: string;
  tuningJob: string;
  testing: boolean;
  /** ETag without quotes; sha256 in hex. */
  artifact: { etag: string; sha256: string };
  evaluationUri: string;
  datasetUri: string;
  commit: string | null;
  probes: { s3Uri: string; sha256: string };
  gatesPassed: boolean;
  objective: string;
  /** Of the candidate on the test set. */
  metrics: Record<string, number>;
}

export const maxKeys = 50;
const metricPrefix = 'metric.';

/**
 * Facts as metadata. Metrics come last and are left out, the last first, when the 50 keys do not hold them.
 * @throws WarmstartError `registry.metadata-value` when a value that is followed later (a URI, a name) cannot be stored whole
 */
export function toMetadata(facts: VersionFacts): Record<string, string> {
  const properties: Record<string, string> = {
    model: whole('model', facts.model),
    layer: whole('layer', facts.layer),
    runId: whole('runId', facts.runId),
    trainingJob: whole('trainingJob', facts.trainingJob),
    tuningJob: whole('tuningJob', facts.tuningJob),
    testing: String(facts.testing),
    artifactETag: whole('artifactETag', unquoted(facts.artifact.etag)),
    artifactSha256: whole('artifactSha256', facts.artifact.sha256),
    evaluation: whole('evaluation', facts.evaluationUri),
    dataset: whole('dataset', facts.datasetUri),
    probes: whole('probes', facts.probes.s3Uri),
    probesSha256: whole('probesSha256', facts.probes.sha256),
    gatesPassed: String(facts.gatesPassed),
    objective: plainValue(facts.objective),
  };
  if (facts.commit) properties.commit = whole('commit', facts.commit);
  for (const [name, value] of Object.entries(facts.metrics)) {
    if (Object.keys(properties).length >= maxKeys - reservedForApproval) break;
    const key = metricPrefix + plainValue(name, 100);
    if (Number.isFinite(value) && isPlain(key, 128)) properties[key] = String(value);
  }
  return properties;
}

/** `decidedBy`, `decidedAt` and `decision` are added when a person decides. */
const reservedForApproval = 3;

/** The metrics in a version's metadata: name → value. */
export function metricsOf(metadata: Record<string, string>): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [key, text] of Object.entries(metadata)) {
    if (!key.startsWith(metricPrefix) || text.trim() === '') continue;
    const value = Number(text);
    if (Number.isFinite(value)) metrics[key.slice(metricPrefix.length)] = value;
  }
  return metrics;
}

/** An ETag as it is compared and stored: without the quotes that S3 answers it in. */
export function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, '');
}

function whole(key: string, value: string): string {
  if (isPlain(value)) return value;
  throw new WarmstartError(
    'registry.metadata-value',
    `"${value}" cannot be stored as ${key} of a model version: SageMaker allows letters, digits, spaces and _ . : / = + - @ there, at most 256.`,
    { remedy: 'Choose a shorter or plainer name for the bucket, layer or model in warmstart.json.' },
  );
}
