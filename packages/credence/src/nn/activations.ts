import { fail } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { elu } from "../tensor/derived.js";

/** Elementwise functions between layers, by name. */
export const activations = {
  linear: (x: Tensor): Tensor => x,
  relu: (x: Tensor): Tensor => x.relu(),
  elu: (x: Tensor): Tensor => elu(x),
  tanh: (x: Tensor): Tensor => x.tanh(),
  sigmoid: (x: Tensor): Tensor => x.sigmoid(),
  softplus: (x: Tensor): Tensor => x.softplus(),
  /** x · sigmoid(x). @source Elfwing, Uchibe and Doya, Sigmoid-weighted linear units (2018) */
  silu: (x: Tensor): Tensor => x.mul(x.sigmoid()),
} as const;

export type Activation = keyof typeof activations;

export function activationOf(name: Activation): (x: Tensor) => Tensor {
  const found = Object.hasOwn(activations, name) ? activations[name] : undefined;
  return (
    found ??
    fail({ code: "argument", given: `dense: activation "${name}"`, allowed: Object.keys(activations).join(", ") })
  );
}
