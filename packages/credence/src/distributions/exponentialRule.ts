import { exp } from "../ops/functions/index.js";
import { float64Machine } from "../ops/numbers.js";

/**
 * Expectations over the logarithm y of a standard exponential number, whose density is exp(y - e^y), by the trapezoid rule: for
 * functions that are smooth within π / 2 of the real line, and grow not too fast on the way there, it is exact to rounding at this
 * step. The numbers reach from e^-55 to 545.
 *
 * @source Trefethen and Weideman, The exponentially convergent trapezoidal rule (2014), section 5
 */
const STEP = 0.1;
const COUNT = 614;
const LOG_STEP = -Math.LN10;

/** y, and the logarithms of the weights. */
export const exponentialLogs: readonly number[] = Array.from({ length: COUNT }, (_, i) => -55 + STEP * i);
export const exponentialLogWeights: readonly number[] = exponentialLogs.map(
  (y) => y - exp(float64Machine, y) + LOG_STEP,
);
