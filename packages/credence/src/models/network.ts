import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { dense } from "../nn/dense.js";
import { headFamily } from "../nn/families/index.js";
import { familyNumbers, type Placement, placedHead } from "../nn/familyHead.js";
import { mixtureDensity } from "../nn/mixtureDensity.js";
import { type Network, type Params, sequential } from "../nn/network.js";
import { normalHead } from "../nn/normalHead.js";
import { permutation, split } from "../random/index.js";
import { isHeadFamily } from "./families.js";
import type { TargetSpec } from "./targets.js";
import type { Family } from "./types.js";

/** What decides the shape of a member's network. */
export interface NetworkSpec {
  readonly family: Family;
  readonly hidden: readonly number[];
  readonly components: number;
  readonly features: number;
  readonly outputs: number;
  /** Smallest scale of each target, in units of its standard deviation. */
  readonly floors: readonly number[];
  /** For families with heads of their own: where the network sees each target, and its limits there. */
  readonly places?: readonly TargetPlace[];
}

export interface TargetPlace {
  readonly shift: number;
  readonly scale: number;
  readonly low: number;
  readonly high: number;
}

/** What becomes of a target before a network sees it: (value - mean) / sd; counts and numbers of [0, 1] stay as they are. */
export function dataUnits(family: Family, { mean, sd }: TargetSpec): { readonly mean: number; readonly sd: number } {
  const stays = isHeadFamily(family) && ["outputs", "raw"].includes(headFamily(family).units);
  return stays ? { mean: 0, sd: 1 } : { mean, sd };
}

/** Where the law of a target lies for those who see it in units of `mean` and `sd`. */
export function placeOf(target: TargetSpec, { mean, sd }: { readonly mean: number; readonly sd: number }): TargetPlace {
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = target;
  return {
    shift: (target.mean - mean) / sd,
    scale: target.sd / sd,
    // the very operations that targets go through, so that one on its limit stays there
    low: (low - mean) / sd,
    high: (high - mean) / sd,
  };
}

/** One number for one target, else a list. */
export function placementOf(places: readonly TargetPlace[], dtype: "float32" | "float64"): Placement {
  const of = (key: keyof TargetPlace) => {
    const numbers = places.map((place) => place[key]);
    return numbers.length === 1 ? (numbers[0] as number) : tensor(numbers, { dtype });
  };
  return { shift: of("shift"), scale: of("scale"), low: of("low"), high: of("high") };
}

const hiddenLayers = (spec: NetworkSpec) => spec.hidden.map((units) => dense(units, "relu"));

/** @param locations  start of each component's mean: [component][target] */
export function buildNetwork(spec: NetworkSpec, locations?: readonly number[]) {
  const { family, components, outputs, floors } = spec;
  const floor = floors.length === 1 ? (floors[0] as number) : floors;
  const layers = hiddenLayers(spec);
  if (isHeadFamily(family)) {
    const placement = placementOf(spec.places as readonly TargetPlace[], "float32");
    return sequential(...layers, placedHead(family, { outputs, floor, placement }));
  }
  switch (family) {
    case "mixture":
      return sequential(...layers, mixtureDensity({ outputs, components, floor, ...(locations ? { locations } : {}) }));
    case "gaussian":
      return sequential(...layers, normalHead({ outputs, floor }));
    case "mse":
      return sequential(...layers, dense(outputs));
  }
}

/** The network without the law at its end: the numbers of a family's head. */
export function buildNumbers(spec: NetworkSpec) {
  const { family, outputs, floors } = spec;
  if (!isHeadFamily(family)) throw new Error(`${family} has no head of its own`);
  const floor = floors.length === 1 ? (floors[0] as number) : floors;
  return sequential(...hiddenLayers(spec), familyNumbers(family, { outputs, floor }));
}

/**
 * Weights to start from. Each unit of the first layer gets a bias that puts its kink at a row of the data, and the components'
 * means start spread over the target: both spare the first epochs from finding out where the data are.
 *
 * @param x  standardised inputs of the training rows [n, features]
 * @param y  standardised targets [n, outputs], row-major
 */
export function initialParams(spec: NetworkSpec, key: Tensor, x: Tensor, y: Float32Array): Params {
  const [weightKey, kinkKey, rowKey] = split(key, 3) as [Tensor, Tensor, Tensor];
  const rows = x.shape[0] as number;
  const net: Network<unknown> = buildNetwork(spec, componentStarts(spec, y, rows, rowKey));
  const { params } = net.init(weightKey, spec.features);
  const [first, ...rest] = params as readonly { weight: Tensor; bias: Tensor }[];
  if (spec.hidden.length === 0 || first === undefined) return params;
  const units = spec.hidden[0] as number;
  const order = permutation(kinkKey, rows);
  const kinks = x.gather(tensor(Int32Array.from({ length: units }, (_, j) => order[j % rows] as number)));
  const bias = kinks.transpose().mul(first.weight).sum(0).neg();
  return [{ weight: first.weight, bias }, ...rest];
}

/** Means of the components: quantiles of one target; for several, the targets of rows drawn at random. */
function componentStarts({ components, outputs }: NetworkSpec, y: Float32Array, rows: number, key: Tensor): number[] {
  if (outputs === 1) {
    const sorted = Float32Array.from(y).sort();
    return Array.from({ length: components }, (_, k) => quantileOf(sorted, (k + 0.5) / components));
  }
  const order = permutation(key, rows);
  return Array.from({ length: components * outputs }, (_, i) => {
    const row = order[Math.floor(i / outputs) % rows] as number;
    return y[row * outputs + (i % outputs)] as number;
  });
}

/** By linear interpolation between neighbours. */
function quantileOf(sorted: Float32Array, p: number): number {
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  const [a, b] = [sorted[low] as number, sorted[Math.min(low + 1, sorted.length - 1)] as number];
  return a + (at - low) * (b - a);
}
