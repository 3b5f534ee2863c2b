import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** One answered request, as `--record` writes it. */
export interface RecordedRequest {
  time: string;
  service: string;
  operation: string;
  /** Of the caller; absent when the request was not authenticated. */
  account?: string;
  /** The input as the API names it; of an object's body only the size. */
  params: unknown;
  status: number;
  /** Name of the error that was answered. */
  error?: string;
}

/** Appends one JSON line per request to the file, before the request's reply is sent. */
export function recorder(file: string | undefined): (request: RecordedRequest) => void {
  if (!file) return () => {};
  mkdirSync(dirname(file), { recursive: true });
  return (request) => appendFileSync(file, `${JSON.stringify(request)}\n`);
}
