import { bytesOf } from "../../graph/dtype.js";
import { bytesOfNode, type IrNode } from "../ir.js";
import type { ScanKernel } from "../kernel.js";
import { COUNTER_BYTES } from "../lowerScan.js";
import { Code } from "../wasm/assembler.js";
import { pushConstant, scalar } from "../wasm/lanes.js";
import { emitPlan } from "./emit.js";
import type { ModuleBuilder } from "./moduleBuilder.js";
import { fixed, keyOf, type Place, type PlaceOf, pushAddress } from "./place.js";
import { scalarStores } from "./pointers.js";

/** The loop over the steps, or while a condition holds. The code does not grow with the number of steps. */
export function emitScan(kernel: ScanKernel, placeOf: PlaceOf, module: ModuleBuilder): Code {
  const code = new Code();
  const { steps, reverse, body, condition } = kernel;
  const counter = placeOf(kernel.room).offset;
  const inside = (node: IrNode): Place => {
    const found = kernel.outside.get(node);
    if (!found) return fixed(counter + COUNTER_BYTES + body.offsets.get(node)!);
    const { offset, moves } = placeOf(found.buffer);
    return { offset, moves: found.isSlice ? [...moves, { counter, bytes: bytesOfNode(node) }] : moves };
  };
  const copy = (from: Place, to: Place, bytes: number): void => {
    pushAddress(code, to);
    pushAddress(code, from);
    code.i32(bytes).copy();
  };
  const pushCondition = (): void => {
    pushAddress(code, inside(condition!));
    code.memory("i32.load", 0);
  };
  const loop = (): void => {
    const [step, left] = [code.local("i32"), code.local("i32")];
    code.i32(reverse ? steps - 1 : 0).set(step);
    code.i32(steps).set(left);
    code.loop(() => {
      code.i32(counter).get(step).memory("i32.store", 0);
      emitPlan(code, body, inside, module);
      code
        .get(step)
        .i32(reverse ? -1 : 1)
        .op("i32.add")
        .set(step);
      code.get(left).i32(-1).op("i32.add").tee(left);
      if (condition) {
        code.i32(0).op("i32.ne");
        pushCondition();
        code.op("i32.and");
      }
    });
  };

  for (const [node, place] of body.offsets) {
    // the room is shared with other kernels, so its constants, of few elements, are written anew
    if (node.what.kind !== "constant") continue;
    node.what.data.forEach((value, i) => {
      code.i32(counter + COUNTER_BYTES + place + i * bytesOf(node.dtype));
      pushConstant(code, scalar, node.dtype, value);
      code.memory(scalarStores[node.dtype], 0);
    });
  }
  for (const { from, to } of kernel.given) {
    if (keyOf(placeOf(from)) !== keyOf(inside(to))) copy(placeOf(from), inside(to), bytesOfNode(to));
  }
  if (steps > 0 && condition) {
    pushCondition();
    code.if(loop);
  } else if (steps > 0) loop();
  return code;
}
