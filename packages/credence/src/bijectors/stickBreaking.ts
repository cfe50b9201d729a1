import { each, real, simplex } from "../distributions/constraints.js";
import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { cumsumFromEnd, logRatio, logSigmoid } from "../ops/index.js";
import { concat } from "../tensor/derived.js";
import { Bijector } from "./bijector.js";
import { sumsBefore } from "./lastAxis.js";

/**
 * Vectors of k - 1 numbers to k probabilities: of a stick of length 1, x[0] says which share is broken off first, x[1] which
 * share of the rest, and so on. 0 gives equal probabilities.
 *
 *     z[i] = sigmoid(x[i] - log(k - 1 - i)),  y[i] = z[i] (1 - z[0]) ... (1 - z[i - 1])
 *
 * Densities are with respect to the first k - 1 probabilities.
 *
 * @source Stan Reference Manual, section "Unit simplex"
 */
export class StickBreaking extends Bijector {
  readonly name = "StickBreaking";
  readonly domain = each(real, 1);
  readonly codomain = simplex;
  readonly increasing = undefined;

  override forward(x: TensorLike): Tensor {
    const { logPieces, logRest } = this.pieces(this.value("forward", x, 1));
    return concat([logPieces, logRest], -1).exp();
  }

  override inverse(y: TensorLike): Tensor {
    const at = this.value("inverse", y, 1);
    const rest = cumsumFromEnd(at).slice(-1, 1); // what is left after each piece, without a difference
    return logRatio(at.slice(-1, 0, -1), rest).add(offsets(rest));
  }

  override forwardLogDet(x: TensorLike): Tensor {
    const { logPieces, logKept } = this.pieces(this.value("forwardLogDet", x, 1));
    return logPieces.add(logKept).sum(-1);
  }

  override forwardShape(event: Shape): Shape {
    return [...event.slice(0, -1), event[event.length - 1]! + 1];
  }

  override inverseShape(event: Shape): Shape {
    const k = event[event.length - 1]!;
    if (k === 0) fail({ code: "shape", given: "StickBreaking: no probabilities", allowed: "at least one" });
    return [...event.slice(0, -1), k - 1];
  }

  /** Logarithms of the pieces, of what each leaves of the stick before it, and of what is left in the end. */
  private pieces(x: Tensor): { logPieces: Tensor; logKept: Tensor; logRest: Tensor } {
    const shifted = x.sub(offsets(x));
    const logKept = logSigmoid(shifted.neg());
    const logLeft = sumsBefore(logKept);
    const logRest = logLeft.slice(-1, -1).add(logKept.slice(-1, -1));
    return { logPieces: logSigmoid(shifted).add(logLeft), logKept, logRest };
  }
}

/** log(k - 1), ..., log 1, which make equal pieces of 0. */
function offsets(x: Tensor): Tensor {
  const n = x.shape[x.rank - 1]!;
  return tensor(
    Array.from({ length: n }, (_, i) => n - i),
    { dtype: x.dtype },
  ).log();
}
