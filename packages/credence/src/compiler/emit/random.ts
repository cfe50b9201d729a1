import { philox } from "../../ops/philox.js";
import { ExpressionBuilder } from "../expression.js";
import type { IrNode } from "../ir.js";
import type { RandomKernel } from "../kernel.js";
import type { Code } from "../wasm/assembler.js";
import { emitLoop } from "./loop.js";
import type { AddressOf } from "./pointers.js";

/** Philox over the blocks 0, 1, 2, ...: each yields four words, which go to the four quarters of the result. */
export function emitRandom(kernel: RandomKernel, addressOf: AddressOf): Code {
  const [key, out] = [kernel.reads[0] as IrNode, kernel.writes[0] as IrNode];
  const builder = new ExpressionBuilder();
  const m = builder.machine("int32");
  const zero = m.num(0);
  const words = philox(
    m,
    [builder.index(), zero, zero, m.num(kernel.domain)],
    [builder.load(0, "int32"), builder.load(1, "int32")],
  );
  const accesses = [
    { node: key, strides: [0], offset: 0 },
    { node: key, strides: [0], offset: 1 },
    ...words.map((_, j) => ({ node: out, strides: [1], offset: j * kernel.blocks })),
  ];
  return emitLoop(
    {
      ...kernel,
      kind: "loop",
      sizes: [kernel.blocks],
      accesses,
      stores: words.map((value, j) => ({ access: 2 + j, value })),
    },
    addressOf,
  );
}
