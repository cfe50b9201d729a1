/**
 * Expectations over the logarithm y of a standard exponential number, whose density is exp(y - e^y), by the trapezoid rule: for
 * functions that are smooth within π / 2 of the real line it is exact to rounding at this step. The numbers reach from e^-55 to 545.
 *
 * @source Trefethen and Weideman, The exponentially convergent trapezoidal rule (2014), section 5
 */
const STEP = 0.2;
const COUNT = 307;

/** y, and the logarithms of the weights. */
export const exponentialLogs: readonly number[] = Array.from({ length: COUNT }, (_, i) => -55 + STEP * i);
export const exponentialLogWeights: readonly number[] = exponentialLogs.map((y) => y - Math.exp(y) + Math.log(STEP));
