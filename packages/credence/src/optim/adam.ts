import { fail } from "../errors.js";
import { filled, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import type { Params } from "../nn/network.js";
import {
  checkDecay,
  checkRate,
  flush,
  flushGradient,
  mapParams,
  type Optimizer,
  type Schedule,
  TINY,
  zerosLike,
} from "./optimizer.js";

export interface AdamOptions {
  /** Default 1e-3. */
  readonly learningRate?: number | Schedule;
  readonly beta1?: number;
  readonly beta2?: number;
  /** Added to the root of the second moment; default 1e-8 as in the paper (Keras: 1e-7). */
  readonly epsilon?: number;
}

interface AdamState {
  readonly step: Tensor;
  readonly first: Params;
  readonly second: Params;
}

/**
 * Adam: steps of the gradient's running mean over the root of its running square.
 *
 * @throws CredenceError `argument`: a rate that is not positive, a decay outside [0, 1), an epsilon that is
 *   not positive
 * @source Kingma and Ba, Adam: a method for stochastic optimization (2015), algorithm 1
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return decoupled("adam", options, 0);
}

/**
 * Adam with weights that decay by learningRate · weightDecay of themselves at each step, biases and other vectors excepted.
 *
 * @source Loshchilov and Hutter, Decoupled weight decay regularization (2019), algorithm 2
 */
export function adamw(options: AdamOptions & { readonly weightDecay?: number } = {}): Optimizer {
  const { weightDecay = 0.01 } = options;
  if (!(weightDecay >= 0 && weightDecay < Number.POSITIVE_INFINITY)) {
    fail({ code: "argument", given: `adamw: weightDecay is ${weightDecay}`, allowed: "a finite number of at least 0" });
  }
  return decoupled("adamw", options, weightDecay);
}

function decoupled(name: string, options: AdamOptions, weightDecay: number): Optimizer {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkRate(name, learningRate);
  checkDecay(name, "beta1", beta1);
  checkDecay(name, "beta2", beta2);
  // without it a weight whose gradients were all 0 would move by 0 / 0
  if (!(epsilon >= TINY && epsilon < Number.POSITIVE_INFINITY)) {
    fail({ code: "argument", given: `${name}: epsilon is ${epsilon}`, allowed: `a finite number of at least ${TINY}` });
  }
  // our own logarithm: the engine's may differ in the last bit from one version to the next
  const [logBeta1, logBeta2] = [tensor(beta1).log().item(), tensor(beta2).log().item()];
  return {
    name,
    learningRate,
    init: (params) => ({ step: filled(0, [], "float32"), first: zerosLike(params), second: zerosLike(params) }),
    update(gradients, state, params, rate) {
      const { step, first, second } = state as unknown as AdamState;
      const t = step.add(1);
      // 1 - β^t as -expm1(t log β): exact for the first steps too
      const correct1 = t.mul(logBeta1).expm1().neg();
      const correct2 = t.mul(logBeta2).expm1().neg();
      const small = mapParams(flushGradient, gradients);
      const m = mapParams((m0, g) => flush(m0.mul(beta1).add(g.mul(1 - beta1))), first, small);
      const v = mapParams((v0, g) => flush(v0.mul(beta2).add(g.square().mul(1 - beta2))), second, small);
      // m / correct1 / (√(v / correct2) + ε), with what is the same for all weights taken out: one division a weight
      const root = correct2.sqrt();
      const move = rate.div(correct1).mul(root);
      const floor = root.mul(epsilon);
      const next = mapParams(
        (p, m1, v1) => {
          const kept = weightDecay > 0 && p.rank > 1 ? p.sub(p.mul(rate.mul(weightDecay))) : p;
          return kept.sub(m1.mul(move).div(v1.sqrt().add(floor)));
        },
        params,
        m,
        v,
      );
      return { params: next, state: { step: t, first: m, second: v } };
    },
  };
}
