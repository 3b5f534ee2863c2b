import { useState } from 'preact/hooks';
import { t } from '../l10n';
import { type HistoryPoint, nearest, pointSentence, step } from './history';
import type { DrawnPlot } from './plot';

/** Lies over the picture of a history: moves along its points by mouse or keys, says which one it is on, and takes it in. */
export function PointCursor(props: {
  drawn: DrawnPlot;
  points: HistoryPoint[];
  metric: string;
  canAdd(point: HistoryPoint): boolean;
  onAdd(point: HistoryPoint): void;
}) {
  const { drawn, points, metric, canAdd, onAdd } = props;
  const [at, setAt] = useState<number | null>(null);
  const here = Math.min(at ?? points.length - 1, points.length - 1);
  const point = points[here]!;
  const x = drawn.svg.scale('x')!;
  const y = drawn.svg.scale('y')!;
  const words = pointSentence(point, metric);
  const addable = canAdd(point);

  const byMouse = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const index = nearest(points, Number(x.invert!(left)));
    setAt(index);
    return points[index];
  };
  return (
    <>
      <div
        class="cursor"
        role="slider"
        tabIndex={0}
        aria-label={t('Evaluations of the history; Enter adds the version')}
        aria-valuemin={1}
        aria-valuemax={points.length}
        aria-valuenow={here + 1}
        aria-valuetext={words}
        onMouseMove={byMouse}
        onMouseLeave={() => setAt(null)}
        onClick={(event) => {
          const chosen = byMouse(event);
          if (chosen) onAdd(chosen);
        }}
        onFocus={() => setAt(here)}
        onKeyDown={(event) => {
          const next = step(event.key, here, points.length);
          if (next !== null) setAt(next);
          else if (event.key === 'Enter' || event.key === ' ') onAdd(point);
          else return;
          event.preventDefault();
        }}
      >
        {at !== null && (
          <span
            class="spot"
            style={{ left: `${x.apply(new Date(point.time))}px`, top: `${y.apply(point.value)}px` }}
          />
        )}
      </div>
      <p class="point" aria-hidden="true">
        {at === null ? t('Point at an evaluation to read it.') : words}
        {at !== null && addable && <strong> {t('Click or press Enter to add it.')}</strong>}
      </p>
    </>
  );
}
