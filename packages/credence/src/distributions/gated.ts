import { fail } from "../errors.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import type { Constraint } from "./constraints.js";
import { Distribution, type ParameterChange } from "./distribution.js";
import { checkGate, type Gate, type GateParams } from "./gate.js";
import { type DistributionJson, parametersToJson } from "./toJson.js";

export type Gated<Base extends Distribution> = GateParams & { readonly base: Base };

/** A law on numbers >= 0 with a second way to get a 0: what ZeroInflated and Hurdle have in common. */
export abstract class GatedLaw<Base extends Distribution> extends Distribution {
  readonly support: Constraint;
  readonly reparameterized = false;
  readonly base: Base;
  protected readonly gate: Gate;

  protected constructor(family: string, params: Gated<Base>) {
    const { base } = params;
    const gate = checkGate(family, params);
    const batch = broadcastShapes(family, [base.batchShape, gate.probs.shape]);
    super({ batch, event: [], dtype: base.dtype });
    if (base.eventShape.length > 0 || base.support.bounds?.[0] !== 0) {
      fail({
        code: "argument",
        given: `${family}: base is ${base.name}, a law on ${base.support.allowed}`,
        allowed: "laws on numbers whose least is 0",
      });
    }
    this.base = base;
    this.gate = gate;
    this.support = base.support;
  }

  /** The probability of the gate. */
  get gateProbs(): Tensor {
    return this.gate.probs;
  }

  override withParameters(change: ParameterChange): Distribution {
    const Family = this.constructor as new (params: object) => Distribution;
    const broadcast = (t: Tensor, tail: Shape): Tensor => t.broadcastTo([...this.batchShape, ...tail]);
    const parameter = Object.entries(this.gate.parameter).map(([name, t]) => [name, change(broadcast(t, []), 0)]);
    const base = this.base.withParameters((t, axes) =>
      change(broadcast(t, axes === 0 ? [] : t.shape.slice(t.rank - axes)), axes),
    );
    return new Family({ base, ...Object.fromEntries(parameter) });
  }

  override toJSON(): DistributionJson {
    const distribution = this.name.replace(/\(.*/, "");
    return { distribution, base: this.base.toJSON(), ...parametersToJson(this.gate.parameter) };
  }
}
