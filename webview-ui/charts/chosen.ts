import { usePanel } from '../panel';

/** What is chosen in a chart, kept with the view; the first while nothing is, or what was is gone. */
export function useChosen(
  chart: string,
  among: string[],
  otherwise = among[0] ?? '',
): [string, (value: string) => void] {
  const { view, change } = usePanel();
  const kept = view.chosen[chart];
  const chosen = kept !== undefined && among.includes(kept) ? kept : otherwise;
  return [chosen, (value) => change({ chosen: { ...view.chosen, [chart]: value } })];
}
