import type { Access } from "../access.js";
import { bytesOfNode } from "../ir.js";
import type { Kernel } from "../kernel.js";
import type { MemoryPlan } from "../memory.js";
import { split } from "../split.js";
import { Code } from "../wasm/assembler.js";
import { emitBands } from "./bands.js";
import { emitLoop } from "./loop.js";
import { emitMatmul } from "./matmul.js";
import type { ModuleBuilder } from "./moduleBuilder.js";
import { emitPack } from "./pack.js";
import { type Place, type PlaceOf, pushAddress } from "./place.js";
import { emitRandom } from "./random.js";
import { emitReduce } from "./reduce.js";
import { emitArgmax, emitCumsum, emitGather, emitScatter } from "./rows.js";
import { emitScan } from "./scan.js";
import { emitCholesky, emitTriangularSolve } from "./triangular.js";

/** Calls the kernels of a plan in order, each a function of its own, and answers their numbers. */
export function emitPlan(code: Code, plan: MemoryPlan, placeOf: PlaceOf, module: ModuleBuilder): number[] {
  const numbers = plan.kernels.map((kernel) => {
    const parts = split(kernel, module.engine).map((part) => emitKernel(part, placeOf, module));
    return parts.length === 1 ? module.define(kernel.name, parts[0]!) : module.defineParts(kernel.name, parts);
  });
  for (const number of numbers) code.call(number);
  for (const { from, to } of plan.copies) {
    pushAddress(code, placeOf(to));
    pushAddress(code, placeOf(from));
    code.i32(bytesOfNode(from)).copy();
  }
  return numbers;
}

/** The function of one kernel, with the places that the memory plan gave its buffers. */
export function emitKernel(kernel: Kernel, placeOf: PlaceOf, module: ModuleBuilder): Code {
  const { simd } = module.engine;
  const addressOf = (access: Access): Place => placeOf(access.node);
  const read = (i: number): Place => placeOf(kernel.reads[i]!);
  const out = placeOf(kernel.writes[0]!);
  switch (kernel.kind) {
    case "loop":
      return emitLoop(kernel, addressOf, simd);
    case "reduce":
      return emitReduce(kernel, addressOf, simd);
    case "matmul":
      return emitMatmul(kernel, placeOf, simd);
    case "pack":
      return emitPack(kernel, read(0), out, simd);
    case "random":
      return emitRandom(kernel, addressOf, simd);
    case "cumsum":
      return emitCumsum(kernel, read(0), out);
    case "bands":
      return emitBands(kernel, placeOf, module);
    case "scan":
      return emitScan(kernel, placeOf, module);
    case "argmax":
      return emitArgmax(kernel, read(0), out);
    case "cholesky":
      return emitCholesky(kernel, read(0), out);
    case "triangularSolve":
      return emitTriangularSolve(kernel, { t: read(0), b: read(1), x: out }, simd);
    case "gather":
      return emitGather(kernel, read(0), read(1), out, simd);
    case "scatter":
      return emitScatter(kernel, read(0), read(1), out);
    case "fill": {
      const code = new Code();
      pushAddress(code, out);
      return code.i32(0).i32(bytesOfNode(kernel.writes[0]!)).fill();
    }
  }
}
