import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { positive } from "./constraints.js";
import { GammaLaw } from "./gammaLaw.js";
import { check } from "./parameters.js";

export type GammaParams = { readonly concentration: TensorLike } & (
  | { readonly rate: TensorLike; readonly scale?: undefined }
  | { readonly scale: TensorLike; readonly rate?: undefined }
);

/**
 * Gamma distribution: the time to event number `concentration` of events that come at a constant rate.
 *
 *     log p(x) = concentration log(rate) + (concentration - 1) log x - rate x - log Γ(concentration),  x >= 0
 *
 * @param concentration  shape, > 0; below 1 the density is infinite at 0
 * @param rate           > 0; events a unit of x. The mean is concentration / rate
 * @param scale          or 1 / rate; units of x
 * @shape  batch = broadcast of both; event = []
 * @throws CredenceError `domain`: a known parameter is not > 0 or infinite; `argument`: neither or both of rate and scale are given;
 *   `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 17
 */
export class Gamma extends GammaLaw {
  readonly name = "Gamma";

  constructor(params: GammaParams) {
    super("Gamma", ...checked(params));
  }
}

function checked(params: GammaParams): [Record<string, Tensor>, { concentration: Tensor; rate: Tensor }] {
  const { concentration, rate, scale } = params;
  if (rate !== undefined && scale !== undefined) {
    fail({
      code: "argument",
      given: "Gamma: both rate and scale are given",
      allowed: "{ concentration, rate } or { concentration, scale }",
    });
  }
  if (scale !== undefined) {
    const given = check("Gamma", { concentration, scale }, { concentration: positive, scale: positive });
    return [given, { concentration: given.concentration, rate: tensor(1).div(given.scale) }];
  }
  const given = check(
    "Gamma",
    { concentration, rate: rate as TensorLike },
    { concentration: positive, rate: positive },
  );
  return [given, given];
}
