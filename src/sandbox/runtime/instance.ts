import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import { memoryOf } from '../sagemaker/instances';
import type { Caller, Objects } from '../service';
import type { ServedModel } from './container';
import { loadModel } from './container';
import { DiskCache } from './disk-cache';
import { LruCache } from './model-cache';

/** What an instance tells of itself: metrics of AWS/SageMaker, and lines for its log stream. */
export interface Reports {
  metric(name: string, value: number): void;
  log(line: string): void;
  /** The number of models in memory has changed. */
  changed(): void;
}

export interface InstanceOptions {
  instanceType: string;
  /** The folder that stands for its volume. */
  volume: string;
  volumeSizeInGB: number;
  /** The image's XGBoost version. */
  version: string;
  /** `ModelCacheSetting: Disabled`: nothing outlives its invocation. */
  keeps: boolean;
  role: Caller;
}

/** Bytes per second from S3, and seconds before the first byte: an instance of the smaller kinds. */
const DOWNLOAD = { rate: 60e6, latency: 0.3 };
/** Seconds until a worker process has started and imported XGBoost. */
const WORKER_START = 1.2;
/** A worker's own memory, and how much larger a model is there than in its archive. */
const WORKER_BYTES = 60 * 1024 ** 2;
const MODEL_FACTOR = 6;

/**
 * One instance behind a multi-model endpoint: artifacts on its disk, models in its memory, both bounded.
 * What it has it keeps serving, whatever becomes of the object in S3, until it needs the room.
 */
export class Instance {
  readonly id: string;
  readonly #memory: LruCache<ServedModel>;
  readonly #disk: DiskCache;
  readonly #loading = new Map<string, Promise<ServedModel>>();
  /** Requests under way, by which the fleet spreads them. */
  busy = 0;

  constructor(
    private readonly options: InstanceOptions,
    private readonly objects: Objects,
    private readonly clock: Clock,
    private readonly reports: Reports,
  ) {
    this.#memory = new LruCache(memoryOf(options.instanceType) * 0.8, (key) => this.#unloaded(key));
    this.id = `i-0${opaque(options.volume).slice(0, 16)}`;
    this.#disk = new DiskCache(options.volume, options.volumeSizeInGB * 1e9);
  }

  get loadedModels(): number {
    return this.#memory.size;
  }

  /** The model of an S3 object: from memory, from disk, or from S3. @throws ServiceError as S3 answers */
  async model(bucket: string, key: string): Promise<ServedModel> {
    const name = `${bucket}/${key}`;
    const known = this.#memory.get(name);
    this.reports.metric('ModelCacheHit', known ? 1 : 0);
    if (known) return known;
    const waited = this.clock.now().getTime();
    let loading = this.#loading.get(name);
    if (!loading) {
      loading = this.#load(name, bucket, key).finally(() => this.#loading.delete(name));
      this.#loading.set(name, loading);
    }
    const model = await loading;
    const elapsed = (this.clock.now().getTime() - waited) * this.clock.speed;
    this.reports.metric('ModelLoadingWaitTime', elapsed * 1000);
    return model;
  }

  /** Ends an invocation: without a cache, the model goes from memory and disk. */
  release(bucket: string, key: string): void {
    if (this.options.keeps) return;
    const name = `${bucket}/${key}`;
    this.#disk.delete(name);
    this.#memory.delete(name);
  }

  async #load(name: string, bucket: string, key: string): Promise<ServedModel> {
    let archive = this.#disk.get(name);
    if (!archive) {
      archive = (await this.objects.read(this.options.role, bucket, key)).body;
      const seconds = DOWNLOAD.latency + archive.length / DOWNLOAD.rate;
      await this.clock.sleep(seconds);
      this.reports.metric('ModelDownloadingTime', seconds * 1e6);
      this.#disk.set(name, archive);
    }
    await this.clock.sleep(WORKER_START);
    const model = await loadModel(archive, this.options.version);
    this.#memory.set(name, model, WORKER_BYTES + archive.length * MODEL_FACTOR);
    this.reports.metric('ModelLoadingTime', WORKER_START * 1e6);
    this.reports.log(`INFO com.amazonaws.ml.mms.wlm.ModelManager - Model ${opaque(name)} loaded.`);
    this.reports.log(access('POST /models', WORKER_START * 1000));
    this.reports.changed();
    return model;
  }

  #unloaded(name: string): void {
    this.reports.metric('ModelUnloadingTime', 2000);
    this.reports.log(access(`DELETE /models/${opaque(name)}`, 2));
    this.reports.log(`INFO com.amazonaws.ml.mms.wlm.ModelManager - Model ${opaque(name)} unregistered.`);
    this.reports.changed();
  }
}

/** The container never hears a target model's name: the platform gives it an id of its own. */
export function opaque(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

export function access(request: string, milliseconds: number): string {
  return `ACCESS_LOG - /169.254.178.2:39848 "${request} HTTP/1.1" 200 ${Math.round(milliseconds)}`;
}
