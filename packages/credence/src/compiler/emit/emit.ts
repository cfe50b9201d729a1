import { bytesOf } from "../../graph/dtype.js";
import type { Access } from "../access.js";
import { bytesOfNode, type IrNode, sizeOfNode } from "../ir.js";
import type { Kernel } from "../kernel.js";
import type { MemoryPlan } from "../memory.js";
import { Code } from "../wasm/assembler.js";
import { emitLoop } from "./loop.js";
import { emitMatmul } from "./matmul.js";
import { emitPack } from "./pack.js";
import { emitRandom } from "./random.js";
import { emitReduce } from "./reduce.js";
import { emitArgmax, emitCumsum, emitGather, emitScatter } from "./rows.js";
import { emitScan } from "./scan.js";

/** Adds a function to the module; answers its number. */
export type Define = (name: string, code: Code) => number;

/** Calls the kernels of a plan in order, each a function of its own, and answers their numbers; buffers lie from `base` on. */
export function emitPlan(code: Code, plan: MemoryPlan, base: number, define: Define): number[] {
  const offsetOf = (node: IrNode): number => base + plan.offsets.get(node)!;
  const numbers = plan.kernels.map((kernel) => define(kernel.name, emitKernel(kernel, offsetOf, define)));
  for (const number of numbers) code.call(number);
  for (const { from, to } of plan.copies) code.i32(offsetOf(to)).i32(offsetOf(from)).i32(bytesOfNode(from)).copy();
  return numbers;
}

/** The function of one kernel, with the addresses that the memory plan gave its buffers. */
export function emitKernel(kernel: Kernel, offsetOf: (node: IrNode) => number, define: Define): Code {
  const addressOf = (access: Access): number => offsetOf(access.node);
  const read = (i: number): number => offsetOf(kernel.reads[i]!);
  const out = offsetOf(kernel.writes[0]!);
  switch (kernel.kind) {
    case "loop":
      return emitLoop(kernel, addressOf);
    case "reduce":
      return emitReduce(kernel, addressOf);
    case "matmul":
      return emitMatmul(kernel, { a: read(0), b: read(1), out });
    case "pack":
      return emitPack(kernel, read(0), out);
    case "random":
      return emitRandom(kernel, addressOf);
    case "cumsum":
      return emitCumsum(kernel, read(0), out);
    case "scan":
      return emitScan(kernel, offsetOf, define);
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
