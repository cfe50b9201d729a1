import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import { showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { logWeights, nonNegative } from "./constraints.js";
import { check } from "./parameters.js";

/** Weights of categories along the last axis: themselves, which are divided by their sum, or their logarithms up to a constant. */
export type WeightParams =
  | { readonly logits: TensorLike; readonly probs?: undefined }
  | { readonly probs: TensorLike; readonly logits?: undefined };

/**
 * The weights of categories along the last axis, as they are given.
 *
 * @throws CredenceError `argument`: neither or both are given; `domain`: a known weight is NaN, negative or infinite, or all are 0
 */
export function checkWeights(name: string, params: WeightParams): Tensor {
  if ((params.logits === undefined) === (params.probs === undefined)) {
    fail({
      code: "argument",
      given: `${name}: ${params.logits === undefined ? "neither logits nor probs are given" : "both logits and probs are given"}`,
      allowed: "{ logits } or { probs }",
    });
  }
  const byLogits = params.logits !== undefined;
  const weights = byLogits
    ? check(name, { logits: params.logits }, { logits: logWeights }).logits
    : check(name, { probs: params.probs }, { probs: nonNegative }).probs;
  if (weights.rank === 0 || weights.shape[weights.rank - 1] === 0) {
    fail({
      code: "shape",
      given: `${name}: ${byLogits ? "logits" : "probs"} of shape ${showShape(weights.shape)}`,
      allowed: "[..., k], one number a category along the last axis",
    });
  }
  refuseEmptyRows(name, weights, byLogits);
  return weights;
}

function refuseEmptyRows(name: string, weights: Tensor, byLogits: boolean): void {
  if (weights.source.kind !== "data") return;
  const none = byLogits ? Number.NEGATIVE_INFINITY : 0;
  const { data } = weights.source;
  const width = weights.shape[weights.rank - 1] as number;
  for (let start = 0; start < data.length; start += width) {
    if (data.subarray(start, start + width).every((w) => w === none)) {
      fail({
        code: "domain",
        given: `${name}: ${byLogits ? "logits" : "probs"} of shape ${showShape(weights.shape)}: in row ${start / width} all are ${none}`,
        allowed: "at least one weight above 0 in each row",
      });
    }
  }
}
