import type { FloatType } from "../../graph/dtype.js";
import { philox } from "../../ops/philox.js";
import { normalBlock } from "../../ops/random.js";
import { type Expression, ExpressionBuilder } from "../expression.js";
import type { IrNode } from "../ir.js";
import type { RandomKernel } from "../kernel.js";
import type { Code } from "../wasm/assembler.js";
import type { Simd } from "../wasm/width.js";
import { emitLoop } from "./loop.js";
import type { AddressOf } from "./pointers.js";

/**
 * Philox over the blocks `from`, `from` + 1, ...: each yields four words, which go to the four quarters of the result, or the numbers
 * made of them, which go to its quarters or halves.
 */
export function emitRandom(kernel: RandomKernel, addressOf: AddressOf, simd: Simd): Code {
  const [key, out] = [kernel.reads[0] as IrNode, kernel.writes[0] as IrNode];
  const builder = new ExpressionBuilder();
  const m = builder.machine("int32");
  const zero = m.num(0);
  const block = kernel.from === 0 ? builder.index() : m.add(builder.index(), m.num(kernel.from));
  const words = philox(
    m,
    [block, zero, zero, m.num(kernel.domain)],
    [builder.load(0, "int32"), builder.load(1, "int32")],
  );
  const numbers =
    kernel.dtype === "float32" || kernel.dtype === "float64" ? normalNumbers(builder, kernel.dtype, words) : words;
  const accesses = [
    { node: key, strides: [0], offset: 0 },
    { node: key, strides: [0], offset: 1 },
    ...numbers.map((_, j) => ({ node: out, strides: [1], offset: j * kernel.blocks + kernel.from })),
  ];
  return emitLoop(
    {
      ...kernel,
      kind: "loop",
      sizes: [kernel.count],
      accesses,
      stores: numbers.map((value, j) => ({ access: 2 + j, value })),
    },
    addressOf,
    simd,
  );
}

function normalNumbers(builder: ExpressionBuilder, dtype: FloatType, words: readonly Expression[]): Expression[] {
  const toFloat = (word: Expression): Expression => builder.cast(word, dtype);
  return normalBlock({ ints: builder.machine("int32"), floats: builder.machine(dtype), toFloat }, words);
}
