import { pullDiv } from "./adjoint.js";
import * as fn from "./functions/index.js";
import { elementwise } from "./op.js";

/** log(1 - e^x): the logarithm of what a probability e^x leaves over. @domain x < 0; -∞ at 0, NaN above */
export const log1mexp = elementwise("log1mexp", {
  inputs: ["x"],
  cost: 60,
  lower: (m, { x }) => fn.log1mexp(m, x),
  grad: ({ x, dy }) => ({ x: pullDiv(dy, x.neg().expm1().neg()) }),
});

/** log(x / y), with its full relative accuracy where x is near y, and where the quotient would over- or underflow. @domain x, y >= 0 */
export const logRatio = elementwise("logRatio", {
  inputs: ["x", "y"],
  cost: 45,
  lower: (m, { x, y }) => fn.logRatio(m, x, y),
  grad: ({ x, y, dy }) => ({ x: pullDiv(dy, x), y: pullDiv(dy, y).neg() }),
});

/** log(x) - y, with nearly its full relative accuracy where the two are close. @domain x >= 0 */
export const logExcess = elementwise("logExcess", {
  inputs: ["x", "y"],
  cost: 40,
  lower: (m, { x, y }) => fn.logExcess(m, x, y),
  grad: ({ x, dy }) => ({ x: pullDiv(dy, x), y: dy.neg() }),
});
