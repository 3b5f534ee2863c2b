import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Lets pinned cells of a table stick beside each other: each begins where those before it end. */
export function usePinned(table: RefObject<HTMLTableElement | null>): void {
  useLayoutEffect(() => {
    const element = table.current;
    if (!element) return undefined;
    placePinned(element);
    const observer = new ResizeObserver(() => placePinned(element));
    observer.observe(element);
    return () => observer.disconnect();
  });
}

function placePinned(table: HTMLTableElement): void {
  const rows = [...table.rows];
  // Read everything before writing anything, else each row is laid out anew.
  const starts = rows.map((row) => {
    let start = 0;
    return [...row.cells].map((cell) => {
      if (!cell.classList.contains('pinned')) return null;
      const here = start;
      start += cell.offsetWidth;
      return here;
    });
  });
  rows.forEach((row, r) => {
    [...row.cells].forEach((cell, c) => {
      const start = starts[r]?.[c];
      cell.style.insetInlineStart = start == null ? '' : `${start}px`;
    });
  });
}
