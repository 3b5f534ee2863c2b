import { z } from 'zod';

/**
 * The schema of `warmstart.json`. Types, validation and the JSON Schema for completion all come from here.
 * Limits are those of the SageMaker API (CreateEndpointConfig, CreateModelPackageGroup, CreateHyperParameterTuningJob).
 */

const name = z
  .string()
  .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,40}$/, 'letters, digits and single hyphens, at most 41 characters');
const awsName = z
  .string()
  .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'letters, digits and single hyphens, at most 63 characters');
const arn = z
  .string()
  .regex(/^arn:aws[a-z-]*:/, 'an ARN, such as arn:aws:iam::111111111111:role/SageMakerExecution');
const instanceType = z.string().regex(/^ml\./, 'an instance type such as ml.m5.large');
const count = z.int().min(1);
const tags = z.record(z.string().min(1).max(128), z.string().max(256));

const environment = z.strictObject({
  accountId: z
    .string()
    .regex(/^\d{12}$/, 'twelve digits in quotes')
    .describe('The AWS account that this environment is.'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as us-east-1'),
  profile: z.string().optional().describe('A suggestion: the user’s own setting, flag or AWS_PROFILE wins.'),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'an S3 bucket name')
    .describe('Datasets, histories and releases of this environment; of the same account and region.'),
  executionRoleArn: arn.describe('The role that SageMaker assumes for jobs and endpoints.'),
  protected: z.boolean().default(false).describe('Releases ask first, and testing runs are never admitted.'),
  promote: z
    .strictObject({
      requires: z
        .enum(['approved', 'pending'])
        .default('approved')
        .describe('`pending` admits versions that wait for approval.'),
      after: z
        .string()
        .optional()
        .describe('An environment in which a version must have been released before.'),
    })
    .prefault({})
    .describe('Which versions this environment admits.'),
  kmsKeyId: z
    .string()
    .optional()
    .describe('The key that encrypts what jobs write and the volumes of instances.'),
  vpc: z
    .strictObject({
      subnets: z.array(z.string()).min(1).max(16),
      securityGroupIds: z.array(z.string()).min(1).max(5),
    })
    .optional(),
  tags: tags.default({}).describe('Put on every AWS resource that is made here.'),
});

const password = z.discriminatedUnion('from', [
  z
    .strictObject({ from: z.literal('secretStorage') })
    .describe('VS Code’s SecretStorage; PGPASSWORD on the command line.'),
  z.strictObject({ from: z.literal('environment'), name: z.string().min(1) }),
  z.strictObject({ from: z.literal('none') }),
]);
const connection = {
  host: z.string().min(1),
  database: z.string().min(1),
  user: z.string().min(1),
  searchPath: z.string().optional().describe('The schemas in which tables are looked for.'),
  ssl: z
    .enum(['disable', 'require', 'verify-full'])
    .default('verify-full')
    .describe('`verify-full` checks the certificate and the host name; `require` only encrypts.'),
  sslRootCert: z.string().optional().describe('A PEM file, relative to the project.'),
  statementTimeoutSeconds: z.int().min(1).default(1800),
  password: password
    .default({ from: 'secretStorage' })
    .describe('Where the password comes from; never the password itself.'),
};
const warehouse = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('postgres'), port: z.int().default(5432), ...connection }),
  z.strictObject({
    kind: z.literal('redshift'),
    port: z.int().default(5439),
    ...connection,
    unloadRoleArn: arn.describe('The role that Redshift assumes to UNLOAD to S3.'),
  }),
]);

const deployment = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('all-at-once'), bakeSeconds: z.int().min(0).max(3600).default(0) }),
  z.strictObject({
    type: z.enum(['canary', 'linear', 'rolling']),
    percent: z
      .int()
      .min(5)
      .max(50)
      .default(50)
      .describe('Of the capacity, shifted first (canary) or at each step.'),
    waitSeconds: z.int().min(0).max(3600).default(300),
    alarms: z
      .array(z.string())
      .max(10)
      .default([])
      .describe('CloudWatch alarms that bring back the previous release.'),
  }),
]);

const endpoint = z.strictObject({
  name: awsName.optional().describe('The endpoint’s name in AWS; the key is used when absent.'),
  variant: z.strictObject({
    name: awsName
      .default('AllTraffic')
      .describe('It stays the same from release to release; alarms and scaling hang on it.'),
    instanceType,
    instanceCount: count.default(1),
    volumeSizeGB: z.int().min(1).max(512).optional(),
  }),
  refresh: z
    .enum(['release', 'in-place'])
    .default('release')
    .describe(
      '`release` copies to a fresh prefix each time; `in-place` overwrites one prefix and needs bucket versioning.',
    ),
  inPlacePrefix: z
    .string()
    .regex(/\/$/, 'a key prefix that ends with /')
    .default('models/')
    .describe('Where the artifacts stand when `refresh` is `in-place`.'),
  retain: z.int().min(1).max(100).default(5).describe('How many releases are kept to roll back to.'),
  deployment: deployment.default({ type: 'all-at-once', bakeSeconds: 0 }),
  whenNoneApproved: z
    .enum(['keep', 'remove'])
    .default('keep')
    .describe('What becomes of a target model whose group has no admitted version.'),
  environments: z
    .record(
      z.string(),
      z.strictObject({
        name: awsName.optional(),
        instanceType: instanceType.optional(),
        instanceCount: count.optional(),
        volumeSizeGB: z.int().min(1).max(512).optional(),
        deployment: deployment.optional(),
      }),
    )
    .default({}),
});

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const data = z.strictObject({
  query: z
    .string()
    .min(1)
    .describe(
      'A SQL file, relative to the project. {{name}} stands for a parameter; {{from}} and {{until}} for the window.',
    ),
  parameters: z.record(z.string(), scalar).default({}),
  label: z.string().min(1).describe('The column to predict; it must be the first one of the query.'),
  window: z.strictObject({
    from: z.iso.date().describe('The first day, such as 2000-01-01.'),
    pushbackDays: z
      .int()
      .min(0)
      .default(30)
      .describe('How many days before today the window ends, for labels that come late.'),
  }),
  split: z
    .strictObject({
      by: z
        .enum(['time', 'hash'])
        .default('hash')
        .describe('`time` tests on the newest rows, as production will; `hash` on a stable sample.'),
      column: z
        .string()
        .optional()
        .describe('The column to split by. It is not a feature and is left out of the CSV.'),
      test: z.number().gt(0).lt(0.9).default(0.1),
      validation: z.number().gt(0).lt(0.9).default(0.1),
    })
    .prefault({}),
});

const trainingCommon = {
  instanceType: instanceType.default('ml.m5.xlarge'),
  instanceCount: count.default(1),
  volumeSizeGB: z.int().min(1).default(30),
  maxRuntimeSeconds: z.int().min(1).default(86_400),
  spot: z.strictObject({ maxWaitSeconds: z.int().min(1) }).optional(),
  hyperparameters: z.record(z.string(), scalar).default({}).describe('Static hyperparameters.'),
};
const training = z.union([
  z.strictObject({
    algorithm: z.literal('xgboost'),
    version: z.enum(['1.2-1', '1.2-2', '1.3-1', '1.5-1', '1.7-1', '3.0-5', '3.2-0']).default('1.7-1'),
    objective: z.string().min(1),
    ...trainingCommon,
  }),
  z.strictObject({
    image: z.string().min(1).max(255).describe('An ECR image URI.'),
    objective: z.string().default('custom'),
    objectiveType: z.enum(['Minimize', 'Maximize']),
    metricDefinitions: z
      .array(z.strictObject({ name: z.string(), regex: z.string() }))
      .max(40)
      .default([]),
    ...trainingCommon,
  }),
]);

const range = z.union([
  z.strictObject({
    min: z.number(),
    max: z.number(),
    scaling: z.enum(['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic']).default('Auto'),
    type: z
      .enum(['integer', 'continuous'])
      .optional()
      .describe('Known for XGBoost; needed for your own images.'),
  }),
  z.strictObject({ values: z.array(z.string()).min(1).max(30) }),
]);
const warmStart = z.strictObject({
  type: z.enum(['TransferLearning', 'IdenticalDataAndAlgorithm']).default('TransferLearning'),
  parents: z.int().min(1).max(5).default(1).describe('How many earlier tuning jobs are learnt from.'),
  from: z
    .enum(['latest', 'latest-not-rejected', 'latest-approved'])
    .default('latest-not-rejected')
    .describe('Which earlier tuning jobs may be parents, by the approval of what came out of them.'),
});
const tuning = z.strictObject({
  metric: z.string().optional().describe('Such as validation:rmse; the objective’s own metric when absent.'),
  maxJobs: z.int().min(1).max(500).default(10),
  maxParallelJobs: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe('A third of maxJobs or less lets a Bayesian search learn.'),
  strategy: z
    .enum(['Bayesian', 'Random', 'Hyperband', 'Grid'])
    .default('Bayesian')
    .describe('Only Bayesian and Random can start warm.'),
  hyperband: z
    .strictObject({ minResource: z.int().min(1), maxResource: z.int().min(1).max(20_000) })
    .optional(),
  earlyStopping: z.enum(['Off', 'Auto']).default('Off'),
  maxRuntimeSeconds: z.int().min(120).max(15_768_000).optional(),
  randomSeed: z.int().min(0).optional(),
  ranges: z
    .record(z.string(), range)
    .optional()
    .describe('The container’s recommended XGBoost ranges when absent.'),
  warmStart: z
    .union([z.literal(false), warmStart])
    .prefault({})
    .describe('Learns from earlier tuning jobs; false starts cold.'),
});

const gate = z.strictObject({
  metric: z.string(),
  maxRegressionPercent: z
    .number()
    .min(0)
    .optional()
    .describe('How much worse than the champion, in percent of its value.'),
  maxRegression: z
    .number()
    .min(0)
    .optional()
    .describe('How much worse than the champion, in the metric’s unit.'),
  min: z.number().optional(),
  max: z.number().optional(),
});
const evaluation = z.strictObject({
  engine: z
    .enum(['auto', 'local', 'batch-transform'])
    .default('auto')
    .describe('`auto` predicts on this machine when it can read the artifact, else by Batch Transform.'),
  metrics: z
    .array(z.string())
    .optional()
    .describe('The metrics shown first; those of the objective when absent.'),
  unit: z
    .string()
    .trim()
    .min(1)
    .max(16)
    .optional()
    .describe('The unit of the label, such as min or USD, shown beside the metrics that are in it.'),
  gates: z.array(gate).default([]).describe('What a candidate must reach to be approved without a reason.'),
  champion: z
    .string()
    .optional()
    .describe('The environment whose serving version is the champion; the last one when absent.'),
  probes: z
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe('Rows of the test set with which a release is verified.'),
  transformInstanceType: instanceType.default('ml.m5.xlarge'),
});

const model = z.strictObject({
  endpoint: z.string().describe('The endpoint that serves it: a key of "endpoints".'),
  layer: z
    .string()
    .regex(/^\w[\w.-]*$/, 'a word that can stand in an S3 key')
    .describe('The S3 prefix of the solution that this model belongs to.'),
  targetModel: z
    .string()
    .regex(/^(?!.*(^|\/)\.{1,2}\/)[^\s/][ -~]*\.tar\.gz$/, 'a key such as delay.tar.gz or team/delay.tar.gz')
    .max(1024)
    .optional()
    .describe('What callers name; <model>.tar.gz when absent.'),
  packageGroup: awsName.describe('The model package group of the registry that holds this model’s versions.'),
  description: z.string().max(1024).optional(),
  data,
  training,
  tuning: tuning.prefault({}),
  evaluation: evaluation.prefault({}),
});

export const projectSchema = z.strictObject({
  $schema: z.string().optional(),
  registry: z.string().describe('The environment that trains and holds the model registry.'),
  environments: z.record(name, environment),
  warehouse,
  endpoints: z.record(name, endpoint),
  models: z.record(name, model),
});

export type ProjectFile = z.output<typeof projectSchema>;
export type EnvironmentFile = ProjectFile['environments'][string];
export type Warehouse = ProjectFile['warehouse'];
export type EndpointFile = ProjectFile['endpoints'][string];
export type ModelFile = ProjectFile['models'][string];
export type Training = ModelFile['training'];
export type XGBoostTraining = Extract<Training, { algorithm: 'xgboost' }>;
export type Tuning = ModelFile['tuning'];
export type Range = NonNullable<Tuning['ranges']>[string];
export type WarmStart = Exclude<Tuning['warmStart'], false>;
export type Gate = ModelFile['evaluation']['gates'][number];
export type Deployment = EndpointFile['deployment'];
