import { bytesOf } from "../../graph/dtype.js";
import type { Access } from "../access.js";
import { isWhole, loopsOf } from "../bands.js";
import type { BandsKernel, LoopKernel, ReduceKernel } from "../kernel.js";
import { Code } from "../wasm/assembler.js";
import { emitLoop } from "./loop.js";
import type { ModuleBuilder } from "./moduleBuilder.js";
import { fixed, type Place, type PlaceOf } from "./place.js";
import { emitReduce } from "./reduce.js";

/** Runs kernels over one band of rows after another; the rows that are left have functions of their own. */
export function emitBands(kernel: BandsKernel, placeOf: PlaceOf, module: ModuleBuilder): Code {
  const { rows, band, kernels, places, room } = kernel;
  const code = new Code();
  const start = placeOf(room).offset;
  const addressOf = (access: Access): Place => {
    const own = places.get(access.node);
    if (own !== undefined) return fixed(start + own);
    const { offset, moves } = placeOf(access.node);
    const bytes = (access.step ?? 0) * bytesOf(access.node.dtype);
    return { offset, moves: bytes === 0 ? moves : [...moves, { counter: start, bytes }] };
  };
  const { simd } = module.engine;
  const call = (part: LoopKernel | ReduceKernel): void => {
    const body = part.kind === "loop" ? emitLoop(part, addressOf, simd) : emitReduce(part, addressOf, simd);
    code.call(module.define(part.name, body));
  };
  const carriedAt = (stage: "start" | "end"): void => {
    for (const sum of kernels) {
      if (sum.kind !== "reduce" || !isWhole(sum)) continue;
      call({ ...sum, n: 0, carry: { partials: kernel.carried.get(sum.writes[0]!)!, stage } });
    }
  };
  const run = (count: number): void => {
    for (const whole of kernels) call(cut(kernel, whole, count));
  };

  carriedAt("start");
  const [number, left] = [code.local("i32"), code.local("i32")];
  const setCounter = (): void => void code.i32(start).get(number).memory("i32.store", 0);
  code.i32(Math.floor(rows / band)).set(left);
  code.loop(() => {
    setCounter();
    run(band);
    code.get(number).i32(1).op("i32.add").set(number);
    code.get(left).i32(-1).op("i32.add").tee(left);
  });
  if (rows % band > 0) {
    setCounter();
    run(rows % band);
  }
  carriedAt("end");
  return code;
}

/** A kernel over `count` of the rows, with accesses that move on from band to band. */
function cut(bands: BandsKernel, kernel: LoopKernel | ReduceKernel, count: number): LoopKernel | ReduceKernel {
  const loops = loopsOf(kernel);
  const each = loops.sizes[0]! / bands.rows;
  const [first, ...others] = [each * count, ...loops.sizes.slice(1)] as [number, ...number[]];
  const accesses = loops.accesses.map((a) => ({ ...a, step: a.strides[0]! * each * bands.band }));
  const name = `${kernel.name} of ${count} rows`;
  if (kernel.kind === "loop") return { ...kernel, name, sizes: [first, ...others], accesses };
  if (!isWhole(kernel)) return { ...kernel, name, outer: [first, ...kernel.outer.slice(1)], accesses };
  return {
    ...kernel,
    name,
    n: first,
    accesses,
    carry: { partials: bands.carried.get(kernel.writes[0]!)!, stage: "on" },
  };
}
