import { Worker } from 'node:worker_threads';
import { Cancelled, WarmstartError } from '../../errors';
import type { TrainRequest, TrainResult } from './contract';
import type { JobMessage, WorkerMessage } from './worker-protocol';

export interface TrainingPool {
  /**
   * Trains in a thread, as soon as one is free. `request.stop` is asked here, for every round in order; the first
   * `true` ends the training with that round, even if the thread has gone on meanwhile. Data in shared memory is
   * shared with the thread, other data is copied; it stays usable here.
   *
   * @param onMetrics told each round's metrics
   * @throws what training throws; `Cancelled` if the pool is closed before it ends; `training.worker-died`
   */
  train(request: TrainRequest, onMetrics?: MetricsListener): Promise<TrainResult>;
  /** Ends all threads; unfinished training is rejected with `Cancelled`. */
  close(): Promise<void>;
}

export type MetricsListener = (round: number, metrics: Record<string, number>) => void;

interface Job {
  request: TrainRequest;
  onMetrics: MetricsListener | undefined;
  limit: Int32Array<SharedArrayBuffer>;
  resolve: (result: TrainResult) => void;
  reject: (error: unknown) => void;
}

/**
 * Threads that train. They start when they are needed and do not keep the process alive while idle.
 * @param workerFile the bundled `worker.ts` (`dist/training-worker.js`)
 */
export function createTrainingPool(options: { workers: number; workerFile: string }): TrainingPool {
  return new Pool(options.workers, options.workerFile);
}

class Pool implements TrainingPool {
  readonly #queue: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Job>();
  #closed = false;

  constructor(
    private readonly workers: number,
    private readonly workerFile: string,
  ) {}

  train(request: TrainRequest, onMetrics?: MetricsListener): Promise<TrainResult> {
    if (this.#closed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      const limit = new Int32Array(new SharedArrayBuffer(4));
      this.#queue.push({ request, onMetrics, limit, resolve, reject });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of [...this.#queue.splice(0), ...this.#busy.values()]) job.reject(closed());
    const all = [...this.#idle.splice(0), ...this.#busy.keys()];
    this.#busy.clear();
    await Promise.all(all.map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const worker = this.#idle.pop() ?? (this.#busy.size < this.workers ? this.#start() : undefined);
      if (!worker) return;
      const job = this.#queue.shift()!;
      this.#busy.set(worker, job);
      const { stop: _, ...request } = job.request;
      worker.ref();
      worker.postMessage({ request, limit: job.limit.buffer } satisfies JobMessage);
    }
  }

  #start(): Worker {
    const worker = new Worker(this.workerFile);
    worker.on('message', (message: WorkerMessage) => this.#receive(worker, message));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker));
    return worker;
  }

  #receive(worker: Worker, message: WorkerMessage): void {
    const job = this.#busy.get(worker);
    if (!job) return;
    if (message.type === 'metrics') {
      this.#judge(job, message.round, message.metrics);
      return;
    }
    this.#busy.delete(worker);
    this.#idle.push(worker);
    worker.unref();
    if (
      message.type === 'done' &&
      message.result.rounds > (Atomics.load(job.limit, 0) || Number.POSITIVE_INFINITY)
    ) {
      // The thread was through before it could see the limit: only training again gives the model of that round.
      this.#queue.unshift(job);
    } else if (message.type === 'done') {
      const { model, ...rest } = message.result;
      job.resolve({ ...rest, model: Buffer.from(model.buffer, model.byteOffset, model.byteLength) });
    } else {
      const { code, message: text, remedy, kind } = message;
      job.reject(new WarmstartError(code, text, { kind, ...(remedy !== undefined && { remedy }) }));
    }
    this.#dispatch();
  }

  #judge(job: Job, round: number, metrics: Record<string, number>): void {
    if (Atomics.load(job.limit, 0) > 0) return;
    job.onMetrics?.(round, metrics);
    if (job.request.stop?.(round, metrics)) Atomics.store(job.limit, 0, round + 1);
  }

  #lose(worker: Worker, cause?: unknown): void {
    const job = this.#busy.get(worker);
    this.#busy.delete(worker);
    const idle = this.#idle.indexOf(worker);
    if (idle >= 0) this.#idle.splice(idle, 1);
    job?.reject(
      new WarmstartError('training.worker-died', 'AlgorithmError: The training process ended unexpectedly.', {
        remedy: 'Train with less data, fewer rounds or a smaller depth if memory ran out, else try again.',
        cause,
      }),
    );
    if (!this.#closed) this.#dispatch();
  }
}

function closed(): Cancelled {
  return new Cancelled('The training pool was closed.');
}
