import type { Shape } from "../graph/shape.js";
import { sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { broadcastTo, randomGamma, reshape } from "../ops/index.js";
import { USE } from "./key.js";
import { checkDraw } from "./words.js";

/**
 * Draws from gamma distributions of rate 1, by Marsaglia and Tsang's method, in the concentration's type. Gradients reach the
 * concentrations: what keeps each draw at its level.
 *
 * @param concentration  > 0; NaN elsewhere
 * @shape  as given; the concentration broadcasts to it
 */
export function standardGamma(key: Tensor, shape: Shape, concentration: Tensor): Tensor {
  return draw("standardGamma", key, shape, concentration, "gamma");
}

/**
 * Logarithms of such draws: of the same ones for the same key. They are finite where a small concentration makes a draw underflow,
 * which for 0.001 is nearly always.
 *
 * @shape  as given; the concentration broadcasts to it
 */
export function logStandardGamma(key: Tensor, shape: Shape, concentration: Tensor): Tensor {
  return draw("logStandardGamma", key, shape, concentration, "logGamma");
}

function draw(name: string, key: Tensor, shape: Shape, concentration: Tensor, made: "gamma" | "logGamma"): Tensor {
  checkDraw(name, key, shape, concentration.dtype as "float32" | "float64");
  const each = concentration.size === 1 ? concentration : broadcastTo(concentration, shape);
  return reshape(randomGamma(key, sizeOf(shape), reshape(each, [each.size]), made, USE.draw), shape);
}
