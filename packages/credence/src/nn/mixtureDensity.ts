import { Categorical, Independent, MixtureSameFamily, Normal } from "../distributions/index.js";
import { fail } from "../errors.js";
import { filled, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { quietGradient } from "../ops/index.js";
import { uniform } from "../random/index.js";
import { concat, elu } from "../tensor/derived.js";
import { checkCount, checkFloor } from "./heads.js";
import type { Network } from "./network.js";

export interface MixtureDensityOptions {
  /** Number of targets; default 1. */
  readonly outputs?: number;
  readonly components?: number;
  /** How a real number becomes a scale: elu(a) + 1, exp(a) or softplus(a), plus the floor. */
  readonly scale?: "elu" | "exp" | "softplus";
  /** The smallest scale, in units of the target; one number, or one a target. */
  readonly floor?: number | readonly number[];
  /** Where the components' means start: one number for each component and output, outputs innermost; default: 0. */
  readonly locations?: readonly number[];
}

const scales: Record<NonNullable<MixtureDensityOptions["scale"]>, (a: Tensor) => Tensor> = {
  elu: (a) => elu(a).add(1),
  exp: (a) => a.exp(),
  softplus: (a) => a.softplus(),
};

/**
 * The head of a mixture density network: a linear layer whose outputs are the means, scales and weights of a mixture of
 * normals over the target.
 *
 * @shape  [n, width] to a `MixtureSameFamily` with batch [n], event [] for one output, [outputs] for several
 * @throws CredenceError `argument`: a count below 1, a negative floor, or an unknown scale
 * @source Bishop, Mixture density networks (1994)
 */
export function mixtureDensity(options: MixtureDensityOptions = {}): Network<MixtureSameFamily> {
  const { outputs = 1, components = 20, scale = "elu", floor = 1e-7, locations } = options;
  check({ outputs, components, scale, floor, locations });
  const means = outputs * components;
  const toScale = scales[scale];
  const smallest = typeof floor === "number" ? tensor(floor, { dtype: "float32" }) : tensor(Float32Array.from(floor));
  return {
    name: `mixtureDensity(${components} x ${outputs}, ${scale})`,
    init(key, width) {
      const units = 2 * means + components;
      const bound = Math.sqrt(6 / (width + units));
      const weight = uniform(key, [width, units], { dtype: "float32" })
        .mul(2 * bound)
        .sub(bound);
      const start = locations ? Float32Array.from(locations) : new Float32Array(means);
      return { params: { weight, bias: concat([start, filled(0, [units - means], "float32")]) }, width: units };
    },
    apply(params, x) {
      const { weight, bias } = params as unknown as { weight: Tensor; bias: Tensor };
      const out = quietGradient(x.matmul(weight).add(bias));
      const n = out.shape[0] as number;
      const perTarget = (t: Tensor): Tensor => (outputs === 1 ? t : t.reshape([n, components, outputs]));
      const loc = perTarget(out.slice(1, 0, means));
      const spread = perTarget(toScale(out.slice(1, means, 2 * means))).add(smallest);
      const normal = new Normal({ loc, scale: spread });
      return new MixtureSameFamily({
        mixture: new Categorical({ logits: out.slice(1, 2 * means) }),
        components: outputs === 1 ? normal : new Independent(normal, 1),
      });
    },
  };
}

function check(
  options: Required<Omit<MixtureDensityOptions, "locations">> & { locations: readonly number[] | undefined },
): void {
  const { outputs, components, scale, floor, locations } = options;
  checkCount("mixtureDensity", "outputs", outputs);
  checkCount("mixtureDensity", "components", components);
  if (!Object.hasOwn(scales, scale)) {
    fail({ code: "argument", given: `mixtureDensity: scale "${scale}"`, allowed: Object.keys(scales).join(", ") });
  }
  checkFloor("mixtureDensity", floor, outputs);
  if (locations && locations.length !== components * outputs) {
    fail({
      code: "argument",
      given: `mixtureDensity: ${locations.length} locations`,
      allowed: `${components * outputs}, one for each component and output`,
    });
  }
}
