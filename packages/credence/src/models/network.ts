import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { dense } from "../nn/dense.js";
import { mixtureDensity } from "../nn/mixtureDensity.js";
import { type Network, type Params, sequential } from "../nn/network.js";
import { normalHead } from "../nn/normalHead.js";
import { permutation, split } from "../random/index.js";
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
}

const hiddenLayers = (spec: NetworkSpec) => spec.hidden.map((units) => dense(units, "relu"));

/** @param locations  start of each component's mean: [component][target] */
export function buildNetwork(spec: NetworkSpec, locations?: readonly number[]) {
  const { family, components, outputs, floors } = spec;
  const floor = floors.length === 1 ? (floors[0] as number) : floors;
  const layers = hiddenLayers(spec);
  switch (family) {
    case "mixture":
      return sequential(...layers, mixtureDensity({ outputs, components, floor, ...(locations ? { locations } : {}) }));
    case "gaussian":
      return sequential(...layers, normalHead({ outputs, floor }));
    case "mse":
      return sequential(...layers, dense(outputs));
  }
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
