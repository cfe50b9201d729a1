import { Independent, Normal } from "../distributions/index.js";
import { tensor } from "../graph/literal.js";
import { dense } from "./dense.js";
import { checkCount, checkFloor } from "./heads.js";
import type { Network } from "./network.js";

export interface NormalHeadOptions {
  /** Number of targets; default 1. */
  readonly outputs?: number;
  /** The smallest scale, in units of the target; one number, or one a target. */
  readonly floor?: number | readonly number[];
}

/**
 * A head that answers one normal a target: mean linear, scale softplus(a) + floor.
 *
 * @shape  [n, width] to a `Normal` with batch [n] for one output, an `Independent` of it with event [outputs] for several
 * @throws CredenceError `argument`: a count below 1, or a negative floor
 * @source Nix and Weigend, Estimating the mean and variance of the target probability distribution (1994)
 */
export function normalHead({ outputs = 1, floor = 1e-7 }: NormalHeadOptions = {}): Network<Normal | Independent> {
  checkCount("normalHead", "outputs", outputs);
  checkFloor("normalHead", floor, outputs);
  const linear = dense(2 * outputs);
  const smallest = typeof floor === "number" ? tensor(floor, { dtype: "float32" }) : tensor(Float32Array.from(floor));
  return {
    name: `normalHead(${outputs})`,
    init: (key, width) => linear.init(key, width),
    apply(params, x) {
      const out = linear.apply(params, x);
      const scale = out.slice(1, outputs).softplus().add(smallest);
      const loc = out.slice(1, 0, outputs);
      return outputs === 1
        ? new Normal({ loc: loc.squeeze(1), scale: scale.squeeze(1) })
        : new Independent(new Normal({ loc, scale }), 1);
    },
  };
}
