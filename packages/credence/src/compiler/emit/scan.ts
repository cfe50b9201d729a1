import { bytesOf } from "../../graph/dtype.js";
import { bytesOfNode, type IrNode } from "../ir.js";
import type { ScanKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import { pushConstant, scalar } from "../wasm/lanes.js";
import { type Define, emitPlan } from "./emit.js";
import { scalarStores } from "./pointers.js";

/** The loop over the steps, or while a condition holds: slices in, the body's kernels, slices out. The code does not grow with the number of steps. */
export function emitScan(kernel: ScanKernel, offsetOf: (node: IrNode) => number, define: Define): Code {
  const code = new Code();
  const { steps, reverse, body } = kernel;
  const base = offsetOf(kernel.room);
  const inside = (node: IrNode): number => base + body.offsets.get(node)!;
  for (const [{ what, dtype }, place] of body.offsets) {
    // the room is shared with other kernels, so its constants, of few elements, are written anew
    if (what.kind !== "constant") continue;
    what.data.forEach((value, i) => {
      code.i32(base + place + i * bytesOf(dtype));
      pushConstant(code, scalar, dtype, value);
      code.memory(scalarStores[dtype], 0);
    });
  }
  for (const { from, to } of kernel.given) code.i32(inside(to)).i32(offsetOf(from)).i32(bytesOfNode(to)).copy();
  const { condition } = kernel;
  const loop = (): void => {
    const [step, left] = [code.local("i32"), code.local("i32")];
    code.i32(reverse ? steps - 1 : 0).set(step);
    code.i32(steps).set(left);
    code.loop(() => {
      for (const { from, to } of kernel.slicesIn) {
        code.i32(inside(to));
        pushSlice(code, step, bytesOfNode(to), offsetOf(from));
        code.i32(bytesOfNode(to)).copy();
      }
      emitPlan(code, body, base, define);
      for (const { from, to } of kernel.slicesOut) {
        pushSlice(code, step, bytesOfNode(from), offsetOf(to));
        code.i32(inside(from)).i32(bytesOfNode(from)).copy();
      }
      code
        .get(step)
        .i32(reverse ? -1 : 1)
        .op("i32.add")
        .set(step);
      code.get(left).i32(-1).op("i32.add").tee(left);
      if (condition) code.i32(0).op("i32.ne").i32(inside(condition)).memory("i32.load", 0).op("i32.and");
    });
  };
  if (steps > 0 && condition) code.i32(inside(condition)).memory("i32.load", 0).if(loop);
  else if (steps > 0) loop();
  for (const { from, to } of kernel.taken) code.i32(offsetOf(to)).i32(inside(from)).i32(bytesOfNode(to)).copy();
  return code;
}

/** Pushes the address of slice number `step` of a stack. */
function pushSlice(code: Code, step: Local, bytes: number, place: number): void {
  code.get(step).i32(bytes).op("i32.mul").i32(place).op("i32.add");
}
