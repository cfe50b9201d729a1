/**
 * Both operands of a product may be copied into panels first: neighbours of one k (columns of the right operand, rows of the left one)
 * lie together, behind those of the k before, so that the innermost loop reads them in order whatever their layout was.
 */

/** Rows of the result summed at once, and bytes of a row: two vectors. */
export const TILE_ROWS = 4;
const TILE_BYTES = 32;

/** Width of the right operand's panels; the left one's are as wide as a tile is high. */
export const rightWidth = (bytes: number): number => TILE_BYTES / bytes;

/** Neighbours `from` to `from + count · width`, in panels of `width`. */
export interface Strip {
  readonly from: number;
  readonly width: number;
  readonly count: number;
}

/** Whole panels, then a narrower one for what is left. */
export function strips(n: number, width: number): Strip[] {
  const count = Math.floor(n / width);
  const from = count * width;
  const all = [
    { from: 0, width, count },
    { from, width: n - from, count: 1 },
  ];
  return all.filter((strip) => strip.width * strip.count > 0);
}

/** Bytes of k in a block: a panel of the right operand then takes at most 32 KB. */
const BLOCK_BYTES = 4096;

/** Long sums are taken in blocks of this many terms. */
export function blocksOf(k: number, bytes: number): { readonly count: number; readonly terms: number } {
  const count = Math.ceil((k * bytes) / BLOCK_BYTES);
  return { count, terms: Math.ceil(k / count) };
}
