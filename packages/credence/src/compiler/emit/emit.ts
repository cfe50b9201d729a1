import { bytesOf } from "../../graph/dtype.js";
import type { Access } from "../access.js";
import { type IrNode, sizeOfNode } from "../ir.js";
import type { Kernel } from "../kernel.js";
import { Code } from "../wasm/assembler.js";
import { emitLoop } from "./loop.js";
import { emitMatmul } from "./matmul.js";
import { emitRandom } from "./random.js";
import { emitReduce } from "./reduce.js";
import { emitArgmax, emitGather, emitScan, emitScatter } from "./rows.js";

/** The function of one kernel, with the addresses that the memory plan gave its buffers. */
export function emitKernel(kernel: Kernel, offsetOf: (node: IrNode) => number): Code {
  const addressOf = (access: Access): number => offsetOf(access.node);
  const read = (i: number): number => offsetOf(kernel.reads[i]!);
  const out = offsetOf(kernel.writes[0]!);
  switch (kernel.kind) {
    case "loop":
      return emitLoop(kernel, addressOf);
    case "reduce":
      return emitReduce(kernel, addressOf);
    case "matmul":
      return emitMatmul(kernel, { a: read(0), b: read(1), panels: offsetOf(kernel.panels), out });
    case "random":
      return emitRandom(kernel, addressOf);
    case "scan":
      return emitScan(kernel, read(0), out);
    case "argmax":
      return emitArgmax(kernel, read(0), out);
    case "gather":
      return emitGather(kernel, read(0), read(1), out);
    case "scatter":
      return emitScatter(kernel, read(0), read(1), out);
    case "fill": {
      const node = kernel.writes[0]!;
      return new Code()
        .i32(out)
        .i32(0)
        .i32(sizeOfNode(node) * bytesOf(node.dtype))
        .fill();
    }
  }
}
