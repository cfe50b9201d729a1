import type { Points } from "./data.js";

/** At most `limit` of the items, evenly strided, so that the same list gives the same choice. */
export function thinList<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  return Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)] as T);
}

export function thin(points: Points, limit: number): Points {
  return { x: thinList(points.x, limit), y: thinList(points.y, limit) };
}
