/** A function that runs `action` once, `milliseconds` after the last of a burst of calls. */
export function debounce(milliseconds: number, action: () => void): { (): void; dispose(): void } {
  let timer: NodeJS.Timeout | undefined;
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
  return Object.assign(call, { dispose: () => clearTimeout(timer) });
}
