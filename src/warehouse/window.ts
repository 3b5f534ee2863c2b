import { WarmstartError } from '../errors';
import type { ModelFile } from '../project/schema';

/** Half-open: `from` ≤ row < `until`; ISO dates. */
export interface Window {
  from: string;
  until: string;
}

/**
 * The window of a run: from the project file's date until `pushbackDays` before today (UTC), or until the given date.
 * The last days are left out because their labels are often not final.
 *
 * @param until an ISO date that overrides the pushback
 * @throws WarmstartError `warehouse.window` when the date is none, or the window holds no day
 */
export function exportWindow(data: Pick<ModelFile['data'], 'window'>, today: Date, until?: string): Window {
  const { from, pushbackDays } = data.window;
  if (until !== undefined && !isIsoDate(until))
    throw new WarmstartError('warehouse.window', `"${until}" is not a date.`, {
      kind: 'usage',
      remedy: 'Give a date such as 2024-12-31.',
    });
  const end = until ?? isoDate(new Date(today.getTime() - pushbackDays * 86_400_000));
  if (from >= end)
    throw new WarmstartError('warehouse.window', `The window from ${from} until ${end} holds no day.`, {
      kind: 'usage',
      remedy: 'Set an earlier `window.from` or fewer `pushbackDays` in warmstart.json.',
    });
  return { from, until: end };
}

function isIsoDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && isoDate(date) === text;
}

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}
