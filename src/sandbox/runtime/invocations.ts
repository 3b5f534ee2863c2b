import { randomInt } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '../clock';
import type { MetricStore } from '../cloudwatch/metric-store';
import { parseS3 } from '../sagemaker/artifacts';
import { findImage } from '../sagemaker/images';
import type { Container } from '../sagemaker/models';
import { containersOf } from '../sagemaker/models';
import type { EndpointRecord } from '../sagemaker/records';
import type { Resources } from '../sagemaker/resources';
import type { Exchange, Handler, Reply } from '../service';
import { ServiceError } from '../service';
import { score } from './container';
import { ContainerError } from './container-error';
import type { Fleets, Variant } from './fleets';
import { route } from './fleets';
import type { Instance } from './instance';
import { access, opaque } from './instance';
import { encodeMultiModel, encodeSingleModel } from './output';

export interface RuntimeDeps {
  clock: Clock;
  metrics: MetricStore;
  fleets: Fleets;
  endpoints: Resources<EndpointRecord>;
}

/** Largest body of InvokeEndpoint, in bytes. */
const MAX_BODY = 6_291_456;

/** SageMaker Runtime: `POST /endpoints/{name}/invocations`. Errors are thrown; the server renders them. */
export function createRuntime(deps: RuntimeDeps): Handler {
  return async (exchange) => {
    const request = readRequest(exchange);
    try {
      return await invokeEndpoint(deps, exchange, request);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { name, message, status, fields } = error;
      throw new ServiceError(name, message, status, fields, 'InvokeEndpoint', paramsOf(request));
    }
  };
}

interface Request {
  endpointName: string;
  contentType: string;
  accept?: string;
  targetModel?: string;
  targetVariant?: string;
  customAttributes?: string;
  inferenceId?: string;
}

function readRequest({ method, path, headers }: Exchange): Request {
  const match = /^\/endpoints\/([^/]+)\/invocations$/.exec(path);
  if (method !== 'POST' || !match) {
    throw new ServiceError('UnknownOperationException', `The sandbox has no ${method} ${path}.`, 404);
  }
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    endpointName: decodeURIComponent(match[1] ?? ''),
    contentType: header('content-type') ?? 'application/octet-stream',
    accept: header('accept'),
    targetModel: header('x-amzn-sagemaker-target-model'),
    targetVariant: header('x-amzn-sagemaker-target-variant'),
    customAttributes: header('x-amzn-sagemaker-custom-attributes'),
    inferenceId: header('x-amzn-sagemaker-inference-id'),
  };
}

function paramsOf(request: Request): Record<string, string> {
  const { endpointName, contentType, accept, targetModel, targetVariant } = request;
  return {
    EndpointName: endpointName,
    ContentType: contentType,
    ...(accept === undefined ? {} : { Accept: accept }),
    ...(targetModel === undefined ? {} : { TargetModel: targetModel }),
    ...(targetVariant === undefined ? {} : { TargetVariant: targetVariant }),
  };
}

async function invokeEndpoint(deps: RuntimeDeps, exchange: Exchange, request: Request): Promise<Reply> {
  const { caller } = exchange;
  const started = performance.now();
  const body = await buffer(exchange.body);
  if (body.length > MAX_BODY) {
    throw validation(
      "1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less " +
        `than or equal to ${MAX_BODY}`,
    );
  }
  const variant = variantOf(deps, exchange, request);
  const container = containersOf(variant.spec.model)[0] ?? {};
  checkTarget(container, request);
  const metric = (name: string, value: number): void =>
    deps.metrics.record(caller, 'AWS/SageMaker', name, value, {
      EndpointName: request.endpointName,
      VariantName: variant.spec.name,
    });
  let status = 500;
  try {
    const answer = await answerOf(deps, variant, container, request, body);
    status = 200;
    metric('ModelLatency', answer.milliseconds * 1000);
    return {
      status: 200,
      headers: {
        'content-type': answer.contentType,
        'x-amzn-invoked-production-variant': variant.spec.name,
        ...(request.inferenceId === undefined
          ? {}
          : { 'x-amzn-sagemaker-inference-id': request.inferenceId }),
      },
      body: answer.body,
      operation: 'InvokeEndpoint',
      params: paramsOf(request),
    };
  } catch (error) {
    if (error instanceof ContainerError) {
      status = error.status;
      throw modelError(exchange, request, error);
    }
    if (error instanceof ServiceError) status = error.status;
    throw error;
  } finally {
    metric('Invocations', 1);
    metric('Invocation4XXErrors', status >= 400 && status < 500 ? 1 : 0);
    metric('Invocation5XXErrors', status >= 500 ? 1 : 0);
    metric('InvocationModelErrors', status === 200 ? 0 : 1);
    metric('OverheadLatency', (performance.now() - started) * 1000);
  }
}

interface Answer {
  contentType: string;
  body: string;
  milliseconds: number;
}

/** One instance's answer: the model is found or loaded, then asked. */
async function answerOf(
  deps: RuntimeDeps,
  variant: Variant,
  container: Container,
  request: Request,
  body: Buffer,
): Promise<Answer> {
  const multi = container.Mode === 'MultiModel';
  const { bucket, key } = parseS3(`${container.ModelDataUrl ?? ''}${multi ? request.targetModel : ''}`);
  const instance = route(variant.instances, key);
  if (!instance) throw unavailable(request.endpointName);
  instance.busy++;
  try {
    const model = await loaded(instance, bucket, key);
    const started = performance.now();
    const predictions = body.length === 0 ? undefined : score(model, body, request.contentType);
    const milliseconds = performance.now() - started;
    if (multi) log(deps, variant, instance, `${bucket}/${key}`, milliseconds);
    if (!predictions) return { contentType: request.contentType, body: '', milliseconds };
    const encoded = multi
      ? encodeMultiModel(predictions, request.accept)
      : encodeSingleModel(predictions, request.accept);
    return { ...encoded, milliseconds };
  } finally {
    instance.busy--;
    instance.release(bucket, key);
  }
}

async function loaded(instance: Instance, bucket: string, key: string) {
  try {
    return await instance.model(bucket, key);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw validation(
      `Failed to download model data(bucket: ${bucket}, key: ${key}). Please ensure that there is an object ` +
        'located at the URL and that the role passed to CreateModel has permissions to download the model data.',
    );
  }
}

function log(
  deps: RuntimeDeps,
  variant: Variant,
  instance: Instance,
  name: string,
  milliseconds: number,
): void {
  const line = access(`POST /models/${opaque(name)}/invoke`, milliseconds);
  deps.fleets.log(variant.fleetId, variant.spec.name, instance.id, line);
}

/** The variant that takes this request: of the fleets by their share of the traffic, of the variants by weight. */
function variantOf(deps: RuntimeDeps, { caller }: Exchange, request: Request): Variant {
  const endpoint = deps.endpoints.get(caller, request.endpointName);
  if (!endpoint || endpoint.fleets.length === 0) {
    throw validation(`Endpoint ${request.endpointName} of account ${caller.accountId} not found.`);
  }
  const chosen = pick(endpoint.fleets, (each) => each.share);
  const fleet = chosen && deps.fleets.get(chosen.spec.id);
  if (!fleet) throw unavailable(request.endpointName);
  if (request.targetVariant !== undefined) {
    const target = fleet.variants.find((each) => each.spec.name === request.targetVariant);
    if (!target) {
      throw validation(`Variant ${request.targetVariant} not found for Request`);
    }
    return target;
  }
  const variant = pick(fleet.variants, (each) => each.spec.weight);
  if (!variant) throw unavailable(request.endpointName);
  return variant;
}

function pick<T>(items: T[], weight: (item: T) => number): T | undefined {
  const total = items.reduce((sum, each) => sum + weight(each), 0);
  if (total <= 0) return undefined;
  let at = (randomInt(2 ** 32) / 2 ** 32) * total;
  return items.find((each) => {
    at -= weight(each);
    return at < 0;
  });
}

function checkTarget(container: Container, request: Request): void {
  const { endpointName, targetModel } = request;
  const multi = container.Mode === 'MultiModel';
  if (multi && targetModel === undefined)
    throw validation(
      `Endpoint ${endpointName} is a multi-model endpoint and the request is missing a target model header.`,
    );
  if (!multi && targetModel !== undefined)
    throw validation(
      `Endpoint ${endpointName} is not a multi-model endpoint and does not support target model header.`,
    );
  if (targetModel !== undefined && (targetModel.length > 1024 || !/^[^\s][\x20-\x7e]*$/.test(targetModel)))
    throw validation(
      `1 validation error detected: Value '${targetModel}' at 'targetModel' failed to satisfy constraint: Member ` +
        'must satisfy regular expression pattern: \\A\\S[\\p{Print}]*\\z',
    );
  if (findImage(container.Image ?? '').kind !== 'xgboost') throw unavailable(endpointName);
}

/** A container's refusal as InvokeEndpoint passes it on. */
function modelError({ caller }: Exchange, request: Request, error: ContainerError): ServiceError {
  const { region, accountId } = caller;
  const group = `/aws/sagemaker/Endpoints/${request.endpointName}`;
  const side = error.status < 500 ? 'client' : 'server';
  const from = request.targetModel === undefined ? 'primary' : 'model';
  return new ServiceError(
    'ModelError',
    `Received ${side} error (${error.status}) from ${from} with message "${error.message}". See ` +
      `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${group} ` +
      `in account ${accountId} for more information.`,
    424,
    {
      OriginalStatusCode: error.status,
      OriginalMessage: error.message,
      LogStreamArn: `arn:aws:logs:${region}:${accountId}:log-group:${group}`,
    },
  );
}

function validation(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

function unavailable(endpointName: string): ServiceError {
  return new ServiceError('ServiceUnavailable', `Endpoint ${endpointName} cannot take requests now.`, 503);
}
