import { checkDecay, checkRate, flush, mapParams, type Optimizer, type Schedule, zerosLike } from "./optimizer.js";

export interface SgdOptions {
  /** Default 1e-2. */
  readonly learningRate?: number | Schedule;
  /** Share of the last step that goes on; default 0. */
  readonly momentum?: number;
}

/**
 * Stochastic gradient descent: velocity = momentum · velocity + gradient; weights -= learningRate · velocity.
 *
 * @source Sutskever et al., On the importance of initialization and momentum in deep learning (2013); as in PyTorch
 */
export function sgd({ learningRate = 1e-2, momentum = 0 }: SgdOptions = {}): Optimizer {
  checkRate("sgd", learningRate);
  checkDecay("sgd", "momentum", momentum);
  return {
    name: "sgd",
    learningRate,
    init: (params) => (momentum === 0 ? [] : zerosLike(params)),
    update(gradients, state, params, rate) {
      const velocity =
        momentum === 0 ? gradients : mapParams((v, g) => flush(v.mul(momentum).add(g)), state, gradients);
      const next = mapParams((p, v) => p.sub(v.mul(rate)), params, velocity);
      return { params: next, state: momentum === 0 ? [] : velocity };
    },
  };
}
