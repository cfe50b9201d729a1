import { fail } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";

/** What becomes of the losses of the elements: their mean, their sum, or each by itself. */
export type Reduction = "mean" | "sum" | "none";

export interface LossOptions {
  /** Default "mean". */
  readonly reduction?: Reduction;
}

/**
 * @param count  what the mean divides the sum by; default: the number of losses
 * @throws CredenceError `argument`: an unknown reduction
 */
export function reduce(name: string, losses: Tensor, reduction: Reduction = "mean", count?: Tensor): Tensor {
  switch (reduction) {
    case "none":
      return losses;
    case "sum":
      return losses.sum();
    case "mean":
      return count === undefined ? losses.mean() : losses.sum().div(count);
    default:
      return refuse(name, reduction, "mean, sum, none");
  }
}

export function refuse(name: string, reduction: unknown, allowed: string): never {
  return fail({ code: "argument", given: `losses.${name}: reduction is ${JSON.stringify(reduction)}`, allowed });
}
