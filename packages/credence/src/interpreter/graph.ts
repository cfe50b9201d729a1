import type { Data } from "../graph/dtype.js";
import type { Value } from "../graph/record.js";
import type { Tensor } from "../graph/tensor.js";
import { topological } from "../graph/topology.js";
import { interpret } from "./interpret.js";

/**
 * Evaluates a graph op by op.
 *
 * @param leafData  the numbers of a tensor that is not an op, or is in `given`
 * @param given     tensors whose numbers are known, whatever they are made of
 */
export function interpretGraph(
  roots: readonly Tensor[],
  leafData: (leaf: Tensor) => Data,
  given: ReadonlySet<Tensor> = new Set(),
): Data[] {
  const values = new Map<Tensor, Data>();
  const dataOf = (t: Tensor): Data => values.get(t) ?? leafData(t);
  for (const tensor of topological(roots, () => {}, given)) {
    if (tensor.source.kind !== "op") continue;
    const { op, inputs, attrs } = tensor.source;
    const operands = inputs.map((t): Value => ({ data: dataOf(t), shape: t.shape, dtype: t.dtype }));
    values.set(tensor, interpret(op, operands, tensor, attrs));
  }
  return roots.map(dataOf);
}
