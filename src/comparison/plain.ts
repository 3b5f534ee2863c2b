/** A value as JSON has it: every number that is not finite is null. The one border at which that happens. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
