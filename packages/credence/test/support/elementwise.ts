import { fromData } from "../../src/graph/literal.js";
import type { Machine } from "../../src/ops/machine.js";
import { elementwise } from "../../src/ops/op.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";

let count = 0;

/** A function of numbers, compiled: arrays of arguments in, an array of results out. */
export function toWasm(
  lower: <V>(m: Machine<V>, inputs: readonly V[]) => V,
  dtype: "float32" | "float64",
  { outlined = true } = {},
): (args: readonly (readonly number[])[]) => ArrayLike<number> {
  const name = `compiled ${count++}`; // modules are kept by name
  return (args) => {
    const names = args.map((_, i) => String(i));
    const op = elementwise(name, {
      inputs: names,
      outlined,
      lower: (m, inputs) =>
        lower(
          m,
          names.map((i) => inputs[i]!),
        ),
      grad: () => Object.fromEntries(names.map((i) => [i, null])),
    });
    const array = dtype === "float32" ? Float32Array : Float64Array;
    const tensors = args.map((list) => fromData(array.from(list), [list.length], dtype));
    return withEngine("compiler", () => evaluate([op(...tensors)])[0]!);
  };
}
