import { join } from 'node:path';
import { to as copyTo } from 'pg-copy-streams';
import { WarmstartError } from '../errors';
import type { Task } from '../task';
import { layoutOf } from './columns';
import type { ColumnProfile, Dataset } from './dataset';
import type { ExportRequest } from './export';
import { PartWriter } from './part';
import { describe, withTransaction } from './postgres';
import { LineCutter, RowReader } from './rows';
import { type PartName, partNames, splitQuery } from './split';

const reportEvery = 250;

/**
 * Streams a query's rows into their parts with COPY … TO STDOUT: the server sends no faster than disk and S3 take, and a row
 * is in memory only on its way.
 */
export async function copyParts(
  request: Pick<ExportRequest, 'model' | 'warehouse' | 'password' | 'root' | 'directory' | 'upload'>,
  query: string,
  prefix: string,
  task: Task,
): Promise<{ columns: ColumnProfile[]; parts: Dataset['parts'] }> {
  const { model, directory, upload } = request;
  let partFailure: unknown;
  const exported = withTransaction(request, task, async (client) => {
    const layout = layoutOf(model.data, await describe(client, query));
    const { sql, routing } = splitQuery(query, layout, model.data.split);
    const writers = mapParts((part) => {
      const name = `${part}.csv`;
      return new PartWriter(join(directory, name), `${prefix}/${name}`, upload);
    });
    try {
      const reader = new RowReader(layout.columns, routing, model.data.split, (part, line) =>
        writers[part].add(line),
      );
      const cutter = new LineCutter((line) => reader.read(line));
      const report = throttledReport(task, model.name);
      for await (const chunk of client.query(copyTo(`COPY (${sql}) TO STDOUT (FORMAT csv)`))) {
        cutter.push(chunk);
        report(reader.rows);
        for (const part of partNames) await writers[part].flush();
      }
      cutter.end();
      requireRows(writers);
      const [train, validation, test] = await Promise.all([
        writers.train.end(),
        writers.validation.end(),
        writers.test.end(),
      ]);
      report(reader.rows, true);
      return { columns: reader.profiles(), parts: { train, validation, test } };
    } catch (error) {
      partFailure = partNames.map((part) => writers[part].failure).find((failure) => failure !== undefined);
      await Promise.all(partNames.map((part) => writers[part].abort(error)));
      throw error;
    }
  });
  return exported.catch((error) => {
    // What S3 or the disk says is not the warehouse's fault, and must not be told as if it were.
    throw task.signal.aborted ? error : (partFailure ?? error);
  });
}

function mapParts<T>(make: (part: PartName) => T): Record<PartName, T> {
  return { train: make('train'), validation: make('validation'), test: make('test') };
}

/** @throws WarmstartError `warehouse.empty-result` | `warehouse.empty-part` */
export function requireRows(parts: Record<PartName, { rows: number }>): void {
  if (partNames.every((part) => parts[part].rows === 0))
    throw new WarmstartError('warehouse.empty-result', 'The query found no rows.', {
      remedy: "Check the window, the model's `data.parameters` and the search path.",
    });
  const empty = partNames.find((part) => parts[part].rows === 0);
  if (empty)
    throw new WarmstartError('warehouse.empty-part', `No row fell into the ${empty} part.`, {
      remedy:
        'Widen the window, raise the shares of `data.split`, or split by a column with more distinct values.',
    });
}

function throttledReport(task: Task, subject: string): (rows: number, last?: boolean) => void {
  let next = 0;
  return (rows, last = false) => {
    const now = performance.now();
    if (now < next && !last) return;
    next = now + reportEvery;
    task.report({ step: 'export', subject, message: `${rows.toLocaleString('en-US')} rows`, done: rows });
  };
}
