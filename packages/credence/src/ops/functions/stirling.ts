import { type Machine, polynomial } from "../machine.js";
import { pick } from "./sums.js";

/** x times the rest of Stirling's formula, in 1 / x², x >= 2.5: minimax.py, "stirling". */
const REST = {
  float32: [0.083333320915699, -0.0027767587453126907, 0.0007705335156060755, -0.0003858112031593919],
  float64: [
    0.0833333333333327, -0.002777777777336215, 0.0007936507015127895, -0.0005952290906426682, 0.0008412496408301966,
    -0.0018997979780891502, 0.005981537638828349, -0.022027077939251252, 0.07739166827277359, -0.214857390202284,
    0.38996195793885524, -0.33489286129553386,
  ],
};

/** From here on `stirlingRest` holds. */
export const STIRLING_START = 2.5;

/** (log(2π) - 1) / 2: Stirling's formula is (x - 1/2) (log(x) - 1) + this + a rest that vanishes for large x. */
export const STIRLING_CONSTANT = 0.4189385332046727;

/**
 * lgamma(x) - (x - 1/2) log(x) + x - log(2π) / 2 for x >= 2.5, given 1 / x.
 *
 * @source DLMF 5.11.1
 */
export function stirlingRest<V>(m: Machine<V>, inverse: V): V {
  return m.mul(inverse, polynomial(m, m.mul(inverse, inverse), pick(m, REST)));
}
