import type { Tensor } from "../graph/tensor.js";

/** Are all numbers above 0, or none? A tensor of answers where they differ, or are not known yet. */
export function isPositive(x: Tensor): boolean | Tensor {
  const answers = x.gt(0);
  if (x.source.kind !== "data") return answers;
  const first = x.source.data[0]! > 0;
  return x.source.data.every((value) => value > 0 === first) ? first : answers;
}
