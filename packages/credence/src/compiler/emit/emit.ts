import type { Access } from "../access.js";
import { bytesOfNode } from "../ir.js";
import type { Kernel } from "../kernel.js";
import type { MemoryPlan } from "../memory.js";
import { Code } from "../wasm/assembler.js";
import { emitLoop } from "./loop.js";
import { emitMatmul } from "./matmul.js";
import { emitPack } from "./pack.js";
import { type Place, type PlaceOf, pushAddress } from "./place.js";
import { emitRandom } from "./random.js";
import { emitReduce } from "./reduce.js";
import { emitArgmax, emitCumsum, emitGather, emitScatter } from "./rows.js";
import { emitScan } from "./scan.js";

/** Adds a function to the module; answers its number. */
export type Define = (name: string, code: Code) => number;

/** Calls the kernels of a plan in order, each a function of its own, and answers their numbers. */
export function emitPlan(code: Code, plan: MemoryPlan, placeOf: PlaceOf, define: Define): number[] {
  const numbers = plan.kernels.map((kernel) => define(kernel.name, emitKernel(kernel, placeOf, define)));
  for (const number of numbers) code.call(number);
  for (const { from, to } of plan.copies) {
    pushAddress(code, placeOf(to));
    pushAddress(code, placeOf(from));
    code.i32(bytesOfNode(from)).copy();
  }
  return numbers;
}

/** The function of one kernel, with the places that the memory plan gave its buffers. */
export function emitKernel(kernel: Kernel, placeOf: PlaceOf, define: Define): Code {
  const addressOf = (access: Access): Place => placeOf(access.node);
  const read = (i: number): Place => placeOf(kernel.reads[i]!);
  const out = placeOf(kernel.writes[0]!);
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
      return emitScan(kernel, placeOf, define);
    case "argmax":
      return emitArgmax(kernel, read(0), out);
    case "gather":
      return emitGather(kernel, read(0), read(1), out);
    case "scatter":
      return emitScatter(kernel, read(0), read(1), out);
    case "fill": {
      const code = new Code();
      pushAddress(code, out);
      return code.i32(0).i32(bytesOfNode(kernel.writes[0]!)).fill();
    }
  }
}
