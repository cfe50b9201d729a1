import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { logSigmoid } from "../ops/index.js";
import { real, unitInterval } from "./constraints.js";
import { check } from "./parameters.js";

export type GateParams =
  | { readonly gate: TensorLike; readonly gateLogits?: undefined }
  | { readonly gateLogits: TensorLike; readonly gate?: undefined };

/** The probability of one of two ways, and of the other, each with its logarithm and with the digits of its own. */
export interface Gate {
  /** By the name under which it was given. */
  readonly parameter: Readonly<Record<string, Tensor>>;
  readonly probs: Tensor;
  readonly rest: Tensor;
  readonly logProbs: Tensor;
  readonly logRest: Tensor;
}

export function checkGate(name: string, params: GateParams): Gate {
  if ((params.gate === undefined) === (params.gateLogits === undefined)) {
    fail({
      code: "argument",
      given: `${name}: ${params.gate === undefined ? "neither gate nor gateLogits is given" : "both gate and gateLogits are given"}`,
      allowed: "{ base, gate } or { base, gateLogits }",
    });
  }
  if (params.gate !== undefined) {
    const { gate } = check(name, { gate: params.gate }, { gate: unitInterval });
    return {
      parameter: { gate },
      probs: gate,
      rest: gate.neg().add(1),
      logProbs: gate.log(),
      logRest: gate.neg().log1p(),
    };
  }
  const { gateLogits } = check(name, { gateLogits: params.gateLogits as TensorLike }, { gateLogits: real });
  return {
    parameter: { gateLogits },
    probs: gateLogits.sigmoid(),
    rest: gateLogits.neg().sigmoid(),
    logProbs: logSigmoid(gateLogits),
    logRest: logSigmoid(gateLogits.neg()),
  };
}
