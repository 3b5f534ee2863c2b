export interface Throttled<A extends unknown[]> {
  (...args: A): void;
  /** Does at once what still waits. */
  flush(): void;
}

/** Calls `work` at once, and then at most once an interval with the latest arguments; the last call is never lost. */
export function throttle<A extends unknown[]>(
  work: (...args: A) => void,
  milliseconds: number,
): Throttled<A> {
  let timer: NodeJS.Timeout | undefined;
  let waiting: A | undefined;
  const tick = () => {
    timer = undefined;
    if (!waiting) return;
    const args = waiting;
    waiting = undefined;
    timer = setTimeout(tick, milliseconds);
    work(...args);
  };
  const throttled = (...args: A) => {
    waiting = args;
    if (!timer) tick();
  };
  return Object.assign(throttled, {
    flush: () => {
      clearTimeout(timer);
      timer = undefined;
      const args = waiting;
      waiting = undefined;
      if (args) work(...args);
    },
  });
}
