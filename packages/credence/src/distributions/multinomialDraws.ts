import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { split } from "../random/index.js";
import { concat, stack } from "../tensor/derived.js";
import { Binomial } from "./binomial.js";

/**
 * Counts of so many trials along the last axis of the probabilities. The categories are halved again and again: of a half's trials those
 * in its first half are binomial. So k categories take log k steps, and each draw is exact however many trials there are.
 *
 * @param total  how many trials; [...batch]
 * @param probs  need not add up to 1; [...batch, k]
 * @shape  [...batch, k]
 * @source Davis, The computer generation of multinomial random variates (1993), for the binomial of what is left
 */
export function drawCounts(key: Tensor, total: Tensor, probs: Tensor): Tensor {
  const k = probs.shape[probs.rank - 1] as number;
  const levels = Math.ceil(Math.log2(k));
  const missing = 2 ** levels - k;
  const none = probs.slice(-1, 0, 1).mul(0);
  const padded = missing === 0 ? probs : concat([probs, ...Array.from({ length: missing }, () => none)], -1);
  // masses of the nodes of each level, from the leaves up
  const masses = [padded];
  for (let level = 1; level < levels; level++) masses.unshift(halves(masses[0]!).sum(-1));
  const keys = levels === 0 ? [] : split(key, levels);
  let counts = total.expandDims(-1);
  masses.slice(0, levels).forEach((mass, level) => {
    const pairs = halves(mass);
    const [left, right] = [0, 1].map((side) => pairs.slice(-1, side, side + 1).squeeze(-1)) as [Tensor, Tensor];
    // by the rarer half, whose share has all its digits
    const isLeft = left.le(right);
    const share = where(isLeft, left, right).div(left.add(right));
    const rare = new Binomial({ totalCount: counts, probs: where(left.add(right).eq(0), 0, share) }).draw(
      keys[level]!,
      [],
    );
    const rest = counts.sub(rare);
    counts = stack([where(isLeft, rare, rest), where(isLeft, rest, rare)], -1).reshape(mass.shape);
  });
  return counts.slice(-1, 0, k);
}

/** Neighbours in pairs along a new last axis. */
const halves = (x: Tensor): Tensor => x.reshape([...x.shape.slice(0, -1), (x.shape[x.rank - 1] as number) / 2, 2]);
