import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import type { DistributionShape } from "./distribution.js";

/** What the base needs of a family of numbers whose parameters are numbers: batch = broadcast(parameters), event = []. */
export function scalars(name: string, parameters: Readonly<Record<string, Tensor>>): DistributionShape {
  const list = Object.values(parameters);
  return {
    batch: broadcastShapes(
      name,
      list.map((t) => t.shape),
    ),
    event: [],
    dtype: list[0]!.dtype,
    parameters,
  };
}
