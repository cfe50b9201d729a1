import type { Tensor } from "../graph/tensor.js";
import { betainc, betaincc, logBetainc, logBetaincc, where } from "../ops/index.js";
import type { Chance } from "./chance.js";

type Beta = (a: Tensor, b: Tensor, x: Tensor) => Tensor;

/**
 * I_p(a, b) = 1 - I_(1-p)(b, a) of a chance p of success: by whichever of p and 1 - p is known with all its digits.
 *
 * @param lower  of p
 * @param upper  the complement's function, of 1 - p
 */
function byChance(lower: Beta, upper: Beta, { success, failure, byLogits }: Chance, a: Tensor, b: Tensor): Tensor {
  if (!byLogits) return lower(a, b, success); // 1 - p is exact where p is above 1/2
  return where(success.le(0.5), lower(a, b, success), upper(b, a, failure));
}

/** I_p(a, b), its complement, and their logarithms. */
export const chanceTails = {
  value: (chance: Chance, a: Tensor, b: Tensor): Tensor => byChance(betainc, betaincc, chance, a, b),
  rest: (chance: Chance, a: Tensor, b: Tensor): Tensor => byChance(betaincc, betainc, chance, a, b),
  log: (chance: Chance, a: Tensor, b: Tensor): Tensor => byChance(logBetainc, logBetaincc, chance, a, b),
  logRest: (chance: Chance, a: Tensor, b: Tensor): Tensor => byChance(logBetaincc, logBetainc, chance, a, b),
} as const;
