import type { ErrorKind } from '../../errors';
import type { TrainRequest, TrainResult } from './contract';

/** What the pool sends to a worker: one job at a time. */
export interface JobMessage {
  request: Omit<TrainRequest, 'stop'>;
  /** One int32: 0, or the number of rounds to keep. */
  limit: SharedArrayBuffer;
}

/** What a worker sends back; errors travel as data because a clone loses their class. */
export type WorkerMessage =
  | { type: 'metrics'; round: number; metrics: Record<string, number> }
  | { type: 'done'; result: Omit<TrainResult, 'model'> & { model: Uint8Array } }
  | { type: 'failed'; code: string; message: string; remedy?: string; kind: ErrorKind };
