import type { FloatType } from "../../graph/dtype.js";
import type { Arithmetic } from "../../ops/boxMuller.js";
import { gammaPair } from "../../ops/gammaDraw.js";
import { philox } from "../../ops/philox.js";
import { normalBlock } from "../../ops/random.js";
import type { Access } from "../access.js";
import { type Expression, ExpressionBuilder } from "../expression.js";
import { type IrNode, sizeOfNode } from "../ir.js";
import type { RandomKernel } from "../kernel.js";
import type { Code } from "../wasm/assembler.js";
import type { Simd } from "../wasm/width.js";
import { emitLoop } from "./loop.js";
import type { AddressOf } from "./pointers.js";

/**
 * Philox over the blocks `from`, `from` + 1, ...: each yields four words, which go to the four quarters of the result, or the numbers
 * made of them, which go to its quarters or halves. A pair of gamma numbers takes further blocks until both are accepted.
 */
export function emitRandom(kernel: RandomKernel, addressOf: AddressOf, simd: Simd): Code {
  const [key, concentration] = kernel.reads as [IrNode, IrNode?];
  const out = kernel.writes[0] as IrNode;
  const builder = new ExpressionBuilder();
  const numbers = numbersOf(kernel, builder);
  const reads: Access[] = [
    { node: key, strides: [0], offset: 0 },
    { node: key, strides: [0], offset: 1 },
  ];
  if (concentration) {
    const isOne = sizeOfNode(concentration) === 1;
    const places = isOne ? [0, 0] : [kernel.from, kernel.blocks + kernel.from];
    for (const offset of places) reads.push({ node: concentration, strides: [isOne ? 0 : 1], offset });
  }
  const writes = numbers.map((_, j) => ({ node: out, strides: [1], offset: j * kernel.blocks + kernel.from }));
  const stores = numbers.map((value, j) => ({ access: reads.length + j, value }));
  return emitLoop(
    { ...kernel, kind: "loop", sizes: [kernel.count], accesses: [...reads, ...writes], stores },
    addressOf,
    simd,
  );
}

/** What the block at this point of the loop makes; the key is accesses 0 and 1, two concentrations are 2 and 3. */
function numbersOf({ dtype, made, from, domain }: RandomKernel, builder: ExpressionBuilder): readonly Expression[] {
  const ints = builder.machine("int32");
  const [zero, last] = [ints.num(0), ints.num(domain)];
  const block = from === 0 ? builder.index() : ints.add(builder.index(), ints.num(from));
  const words = (attempt = zero, part = 0) =>
    philox(
      ints,
      [block, attempt, part === 0 ? zero : ints.num(part), last],
      [builder.load(0, "int32"), builder.load(1, "int32")],
    );
  if (made === "words") return words();
  const arithmetic = arithmeticOf(builder, dtype as FloatType);
  if (made === "normal") return normalBlock(arithmetic, words());
  return gammaPair(arithmetic, [builder.load(2, dtype), builder.load(3, dtype)], words, made === "logGamma");
}

const arithmeticOf = (builder: ExpressionBuilder, dtype: FloatType): Arithmetic<Expression> => ({
  ints: builder.machine("int32"),
  floats: builder.machine(dtype),
  toFloat: (word) => builder.cast(word, dtype),
});
