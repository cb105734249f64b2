import type { PageRequest } from "./operations.ts";

/**
 * The ids of one page, in code point order, and whether more follow.
 *
 * One walk over all ids keeping the smallest `limit` behind the cursor: nobody has to keep a
 * sorted index for listings that are asked for now and then.
 */
export function pageOf(
  ids: Iterable<string>,
  request: PageRequest,
): { readonly ids: readonly string[]; readonly hasMore: boolean } {
  const { cursor, limit } = request;
  const page: string[] = [];
  let hasMore = false;
  for (const id of ids) {
    if (cursor !== undefined && id <= cursor) continue;
    const isFull = page.length >= limit;
    const last = page[page.length - 1];
    if (isFull) {
      hasMore = true;
      if (last === undefined || id > last) continue;
      page.pop();
    }
    page.splice(placeOf(id, page), 0, id);
  }
  return { ids: page, hasMore };
}

/** Where `id` belongs in a sorted array. */
function placeOf(id: string, sorted: readonly string[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
