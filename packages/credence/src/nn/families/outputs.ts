import type { Tensor } from "../../graph/tensor.js";

/** How one real number of a network becomes a number that a law depends on. */
export interface Output {
  readonly map: (a: Tensor) => Tensor;
  /** What becomes of it where the target is shift + scale · x: it moves and stretches, stretches alone, or stays. */
  readonly unit: "location" | "scale" | "none";
  /** Is the target's smallest scale added to it? */
  readonly floored?: boolean;
}

/** About a itself near 0, and never beyond ± most: an exponential of it neither overflows nor loses its gradient at once. */
const bounded = (a: Tensor, most: number): Tensor => a.div(most).tanh().mul(most);

/** Where the target lies. */
export const location: Output = { map: (a) => a, unit: "location" };

/** How far it spreads about its location; log 2 of the target's spread to start with. */
export const scale: Output = { map: (a) => a.softplus(), unit: "scale", floored: true };

/** About how large a positive target is; the typical target to start with. */
export const size: Output = { map: (a) => bounded(a, 20).exp(), unit: "scale" };

/** A positive number without a unit, which may range over orders of magnitude. */
export const shape = (start: number, most = 10): Output => ({
  map: (a) => bounded(a, most).exp().mul(start),
  unit: "none",
});

/** A spread on the axis of logarithms or logits, where 0.001 is a thousandth of the target. */
export const spread: Output = { map: (a) => a.softplus().add(1e-3), unit: "none" };

/** Any number without a unit. */
export const number: Output = { map: (a) => a, unit: "none" };

/** A probability. Within these logits it and its complement keep digits in float32. */
export const share: Output = { map: (a) => bounded(a, 12).sigmoid(), unit: "none" };

/** A probability's logit. Within ± 12 both the probability and its complement keep digits in float32. */
export const logit: Output = { map: (a) => bounded(a, 12), unit: "none" };
