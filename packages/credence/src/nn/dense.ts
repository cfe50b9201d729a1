import { fail } from "../errors.js";
import { filled } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { uniform } from "../random/index.js";
import { type Activation, activationOf } from "./activations.js";
import type { Layer } from "./network.js";

/**
 * A fully connected layer: activation(x · weight + bias), in float32.
 *
 * Weights start uniform in ±√(6 / (in + out)), biases at 0.
 *
 * @param units  width of the result
 * @shape  [n, in] to [n, units]
 * @source Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), eq. 16
 */
export function dense(units: number, activation: Activation = "linear"): Layer {
  if (!Number.isInteger(units) || units < 1) {
    fail({ code: "argument", given: `dense: ${units} units`, allowed: "a whole number of at least 1" });
  }
  const act = activationOf(activation);
  return {
    name: `dense(${units}${activation === "linear" ? "" : `, ${activation}`})`,
    init(key, width) {
      const bound = Math.sqrt(6 / (width + units));
      const weight = uniform(key, [width, units], { dtype: "float32" })
        .mul(2 * bound)
        .sub(bound);
      return { params: { weight, bias: filled(0, [units], "float32") }, width: units };
    },
    apply(params, x) {
      const { weight, bias } = params as unknown as { weight: Tensor; bias: Tensor };
      return act(x.matmul(weight).add(bias));
    },
  };
}
