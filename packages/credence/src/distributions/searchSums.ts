import type { Tensor } from "../graph/tensor.js";
import { cast, gather, iota, le, sum, where } from "../ops/index.js";

/** Up to so many sums it is faster to compare with all of them than to look for one. */
const FEW = 100;

/**
 * How many running sums along the last axis are not above u.
 *
 * @param sums  growing; [...batch, k]
 * @shape  u, [...shape, ...batch]; int32
 */
export function countUpTo(sums: Tensor, u: Tensor): Tensor {
  const k = sums.shape[sums.rank - 1] as number;
  if (k > FEW) return byHalving(sums, u, k);
  // of one row the sums go first, so that neighbouring draws are counted for at once
  return sums.size === k
    ? sum(le(sums.reshape([k, ...u.shape.map(() => 1)]), u), 0)
    : sum(le(sums, u.expandDims(-1)), -1);
}

function byHalving(sums: Tensor, u: Tensor, k: number): Tensor {
  const rows = sums.size / k;
  const all = sums.reshape([sums.size]);
  const start = iota([rows]).mul(k).reshape(sums.shape.slice(0, -1));
  let found = cast(u.mul(0), "int32"); // so many are known not to be above u
  for (let step = 2 ** Math.floor(Math.log2(k)); step >= 1; step /= 2) {
    const next = found.add(step);
    const probe = gather(all, next.minimum(k).sub(1).add(start));
    found = where(next.le(k).and(probe.le(u)), next, found);
  }
  return found;
}
