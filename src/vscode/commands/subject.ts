import type { Operation } from '../activity/entry';
import type { TreeNode } from '../trees/node';

/** What a command is about, as far as its argument tells; it asks for the rest. */
export interface Subject {
  model?: string;
  /** Of a package version. */
  arn?: string;
  environment?: string;
  endpoint?: string;
  targetModel?: string;
  runId?: string;
  releaseId?: string;
  activityId?: string;
  tuningJob?: string;
  trainingJob?: string;
}

const names: readonly (keyof Subject)[] = [
  'model',
  'arn',
  'environment',
  'endpoint',
  'targetModel',
  'runId',
  'releaseId',
  'activityId',
  'tuningJob',
  'trainingJob',
];

/**
 * Reads a command's first argument: a node of a view, an object with names (a CodeLens, a key binding, a test), the name
 * of a model, or nothing at all. Pure.
 */
export function subjectOf(argument: unknown): Subject {
  if (typeof argument === 'string') return { model: argument };
  if (typeof argument !== 'object' || argument === null) return {};
  return isNode(argument) ? ofNode(argument) : ofNames(argument);
}

/** Nodes are known by their id and kind; nothing else that is handed to a command has both. */
function isNode(argument: object): argument is TreeNode {
  return typeof Reflect.get(argument, 'kind') === 'string' && typeof Reflect.get(argument, 'id') === 'string';
}

function ofNames(argument: object): Subject {
  const subject: Subject = {};
  for (const name of names) {
    const value: unknown = Reflect.get(argument, name);
    if (typeof value === 'string') subject[name] = value;
  }
  return subject;
}

function ofNode(node: TreeNode): Subject {
  switch (node.kind) {
    case 'pendingVersion':
      return { model: node.model, arn: node.version.arn };
    case 'version':
      return { model: node.model, arn: node.summary.arn };
    case 'model':
    case 'lineageModel':
    case 'gate':
      return { model: node.model };
    case 'tuningJob':
      return { model: node.model, tuningJob: node.job.name };
    case 'refusedParent':
      return { model: node.model, tuningJob: node.tuningJob };
    case 'trainingJob':
      return { tuningJob: node.tuningJob, trainingJob: node.trainingJob };
    case 'environment':
      return { environment: node.environment };
    case 'endpoint':
    case 'releases':
      return { environment: node.environment, endpoint: node.endpoint };
    case 'target':
      return {
        environment: node.environment,
        endpoint: node.endpoint,
        targetModel: node.target.targetModel,
        ...(node.target.model === null ? {} : { model: node.target.model }),
        ...(node.target.packageArn === null ? {} : { arn: node.target.packageArn }),
      };
    case 'release':
      return {
        environment: node.environment,
        endpoint: node.endpoint,
        releaseId: node.manifest.releaseId,
        ...(node.activityId === null ? {} : { activityId: node.activityId }),
      };
    case 'run':
      return {
        model: node.run.model,
        runId: node.run.runId,
        ...(node.activityId === null ? {} : { activityId: node.activityId }),
        ...ofRun(node.run.steps),
      };
    case 'runStep':
      return { model: node.run.model, runId: node.run.runId, ...ofRun(node.run.steps) };
    case 'activity':
      return { activityId: node.activityId, ...ofOperation(node.entry.operation) };
    case 'activityStep':
      return { activityId: node.activityId };
    default:
      return {};
  }
}

function ofRun({ tune, register }: Extract<TreeNode, { kind: 'run' }>['run']['steps']): Subject {
  return {
    ...(tune?.result ? { tuningJob: tune.result.tuningJob } : {}),
    ...(register?.result ? { arn: register.result.packageArn } : {}),
  };
}

/** An activity is resumed and looked into as the run or release that it drives. */
export function ofOperation(operation: Operation | null): Subject {
  if (!operation) return {};
  if (operation.kind === 'retrain')
    return { model: operation.model, ...(operation.runId === null ? {} : { runId: operation.runId }) };
  const { environment, endpoint, releaseId } = operation;
  return { environment, endpoint, ...(releaseId === null ? {} : { releaseId }) };
}
