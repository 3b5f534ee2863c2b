/** One page of a List call. A page may be empty while `next` is set. */
export interface Page<T> {
  items: T[];
  next?: string | undefined;
}

/** All items of a paged List call, fetched page by page as they are consumed. */
export async function* pages<T>(fetchPage: (token?: string) => Promise<Page<T>>): AsyncGenerator<T, void> {
  let token: string | undefined;
  do {
    const page = await fetchPage(token);
    yield* page.items;
    token = page.next || undefined;
  } while (token !== undefined);
}

/** The items as an array; no further page is fetched once `limit` is reached. */
export async function collect<T>(items: AsyncIterable<T>, limit = Number.POSITIVE_INFINITY): Promise<T[]> {
  const collected: T[] = [];
  if (limit <= 0) return collected;
  for await (const item of items) {
    collected.push(item);
    if (collected.length >= limit) break;
  }
  return collected;
}
