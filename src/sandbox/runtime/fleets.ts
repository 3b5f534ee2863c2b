import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../errors';
import type { Clock } from '../clock';
import type { LogStore } from '../cloudwatch/log-store';
import type { MetricStore } from '../cloudwatch/metric-store';
import { parseS3 } from '../sagemaker/artifacts';
import { findImage } from '../sagemaker/images';
import { containersOf } from '../sagemaker/models';
import type { FleetSpec, VariantSpec } from '../sagemaker/records';
import { asRole } from '../sagemaker/roles';
import type { Caller, Objects } from '../service';
import { loadModel } from './container';
import { Instance, opaque } from './instance';

export interface FleetDeps {
  /** Holds a folder per fleet with the volumes of its instances. */
  home: string;
  clock: Clock;
  objects: Objects;
  logs: LogStore;
  metrics: MetricStore;
}

/** The running instances of all fleets of all endpoints. */
export class Fleets {
  readonly #fleets = new Map<string, Fleet>();

  constructor(private readonly deps: FleetDeps) {}

  /** Starts a fleet with empty caches, unless it runs already. */
  open(spec: FleetSpec): Fleet {
    let fleet = this.#fleets.get(spec.id);
    if (!fleet) {
      fleet = new Fleet(spec, this.deps);
      fleet.report();
      this.#fleets.set(spec.id, fleet);
    }
    return fleet;
  }

  get(id: string): Fleet | undefined {
    return this.#fleets.get(id);
  }

  /** Brings the instance counts to those of `spec`: new instances start cold, the last ones end. */
  scale(spec: FleetSpec): void {
    this.#fleets.get(spec.id)?.scale(spec);
  }

  /** A line in the log stream of an instance. */
  log(fleetId: string, variant: string, instanceId: string, line: string): void {
    this.#fleets.get(fleetId)?.log(variant, instanceId, line);
  }

  /** Ends a fleet; its volumes are gone. */
  close(id: string): void {
    this.#fleets.get(id)?.close();
    this.#fleets.delete(id);
  }

  /** Once a minute, every instance reports how many models it holds. */
  report(): void {
    for (const fleet of this.#fleets.values()) fleet.report();
  }

  /** Why a container that loads its one model at start does not come up. */
  async loadProblem(role: Caller, url: string, version: string): Promise<string | undefined> {
    const { bucket, key } = parseS3(url);
    try {
      return (await loadModel((await this.deps.objects.read(role, bucket, key)).body, version)).problem;
    } catch (error) {
      return messageOf(error);
    }
  }
}

export interface Variant {
  fleetId: string;
  spec: VariantSpec;
  instances: Instance[];
}

export class Fleet {
  readonly variants: Variant[];

  constructor(
    private spec: FleetSpec,
    private readonly deps: FleetDeps,
  ) {
    this.variants = spec.variants.map((variant) => ({
      fleetId: spec.id,
      spec: variant,
      instances: Array.from({ length: variant.instanceCount }, (_, i) => this.#instance(variant, i)),
    }));
  }

  scale(spec: FleetSpec): void {
    this.spec = spec;
    for (const variant of this.variants) {
      const wanted = spec.variants.find((each) => each.name === variant.spec.name);
      if (!wanted) continue;
      variant.spec = wanted;
      const { instances } = variant;
      while (instances.length > wanted.instanceCount) {
        instances.pop();
        rmSync(this.#volume(wanted, instances.length), { recursive: true, force: true });
      }
      while (instances.length < wanted.instanceCount)
        instances.push(this.#instance(wanted, instances.length));
    }
  }

  /** Every instance of a multi-model variant says how many models it holds: one sample a minute. */
  report(): void {
    for (const { spec, instances } of this.variants) {
      if (containersOf(spec.model)[0]?.Mode !== 'MultiModel') continue;
      for (const { id, loadedModels } of instances) {
        const dimensions = { EndpointName: this.spec.endpointName, VariantName: spec.name };
        const namespace = '/aws/sagemaker/Endpoints';
        this.deps.metrics.gauge(this.spec, namespace, 'LoadedModelCount', loadedModels, dimensions, id);
      }
    }
  }

  close(): void {
    rmSync(this.#folder(), { recursive: true, force: true });
  }

  #folder(): string {
    return join(this.deps.home, 'fleets', this.spec.id);
  }

  #volume(variant: VariantSpec, index: number): string {
    return join(this.#folder(), `${variant.name}-${index}`);
  }

  #instance(variant: VariantSpec, index: number): Instance {
    const container = containersOf(variant.model)[0];
    const image = findImage(container?.Image ?? '');
    const instance: Instance = new Instance(
      {
        instanceType: variant.instanceType,
        volume: this.#volume(variant, index),
        volumeSizeInGB: variant.volumeSizeInGB ?? 30,
        version: image.kind === 'xgboost' ? image.version : '',
        keeps: container?.MultiModelConfig?.ModelCacheSetting !== 'Disabled',
        role: asRole(variant.model.ExecutionRoleArn ?? '', this.spec.region),
      },
      this.deps.objects,
      this.deps.clock,
      {
        metric: (name, value) => {
          if (container?.Mode === 'MultiModel') this.#metric(variant, name, value);
        },
        log: (line) => this.log(variant.name, instance.id, line),
        changed: () => this.report(),
      },
    );
    this.log(
      variant.name,
      instance.id,
      'INFO com.amazonaws.ml.mms.ModelServer - Initialize Inference server.',
    );
    return instance;
  }

  log(variant: string, instanceId: string, line: string): void {
    const group = `/aws/sagemaker/Endpoints/${this.spec.endpointName}`;
    this.deps.logs.append(this.spec, group, `${variant}/${instanceId}`, [line]);
  }

  #metric(variant: VariantSpec, name: string, value: number): void {
    this.deps.metrics.record(this.spec, 'AWS/SageMaker', name, value, {
      EndpointName: this.spec.endpointName,
      VariantName: variant.name,
    });
  }
}

/**
 * The instance that answers for a target model: always the same one while it is free, so that a model is held once;
 * under load the next ones help and load it too.
 */
export function route(instances: Instance[], target: string): Instance | undefined {
  const first = Number.parseInt(opaque(target).slice(0, 8), 16) % Math.max(1, instances.length);
  const order = [...instances.slice(first), ...instances.slice(0, first)];
  return order.reduce<Instance | undefined>(
    (best, each) => (best === undefined || each.busy + 4 <= best.busy ? each : best),
    undefined,
  );
}
