import { bytesOf, type DType } from "../../graph/dtype.js";
import type { Access } from "../access.js";
import type { IrNode } from "../ir.js";
import type { Code, Local } from "../wasm/assembler.js";
import { type Lanes, pushConstant, type Reader } from "../wasm/lanes.js";
import type { Instruction } from "../wasm/opcodes.js";
import { movesKey, type Place, pointerTo } from "./place.js";

export type AddressOf = (access: Access) => Place;

/**
 * The addresses of a loop nest. Accesses that move alike share one running pointer; where they start is a constant of the
 * instruction. Sizes are known, so what remains after a vector loop is reached by a constant shift as well.
 */
export class Pointers implements Reader {
  private readonly code: Code;
  private readonly accesses: readonly Access[];
  private readonly addressOf: AddressOf;
  /** Strides in bytes of each group of accesses, and the group of each access. */
  private readonly groups: (readonly number[])[] = [];
  private readonly groupOf: number[];
  private current: (Local | undefined)[];
  private readonly shifts: number[];
  private indexLocal: Local | undefined;
  private indexShift = 0;

  constructor(code: Code, accesses: readonly Access[], addressOf: AddressOf) {
    this.code = code;
    this.accesses = accesses;
    this.addressOf = addressOf;
    const known = new Map<string, number>();
    const starts: Place[] = [];
    this.groupOf = accesses.map((access) => {
      const strides = access.strides.map((s) => s * bytesOf(access.node.dtype));
      const place = addressOf(access);
      const key = `${strides} ${movesKey(place.moves)}`;
      let group = known.get(key);
      if (group === undefined) {
        group = this.groups.push(strides) - 1;
        starts.push(place);
        known.set(key, group);
      }
      return group;
    });
    this.current = starts.map((place) => (place.moves.length > 0 ? pointerTo(code, place) : undefined));
    this.shifts = accesses[0]?.strides.map(() => 0) ?? [];
  }

  /** Where a buffer begins that no step moves. */
  startOf(node: IrNode): number {
    return this.addressOf({ node, strides: [], offset: 0 }).offset;
  }

  /** Runs `body` at `count` positions of loop d, `step` elements apart. */
  loop(d: number, count: number, step: number, body: () => void): void {
    const { code } = this;
    const outside = this.current;
    this.current = outside.map((pointer, g) => {
      if (count <= 1 || this.groups[g]![d] === 0) return pointer;
      const local = code.local("i32");
      if (pointer === undefined) code.i32(0);
      else code.get(pointer);
      code.set(local);
      return local;
    });
    if (count <= 1) {
      if (count === 1) body();
    } else {
      const counter = code.local("i32");
      code.i32(count).set(counter);
      code.loop(() => {
        body();
        this.current.forEach((pointer, g) => {
          if (pointer !== undefined && pointer !== outside[g])
            code
              .get(pointer)
              .i32(this.groups[g]![d]! * step)
              .op("i32.add")
              .set(pointer);
        });
        code.get(counter).i32(-1).op("i32.add").tee(counter);
      });
    }
    this.current = outside;
  }

  /** As `loop` over the only loop, with the position at hand for `index`. */
  indexedLoop(count: number, step: number, body: () => void): void {
    const { code } = this;
    const index = code.local("i32");
    code.i32(0).set(index);
    this.indexLocal = index;
    this.loop(0, count, step, () => {
      body();
      code.get(index).i32(step).op("i32.add").set(index);
    });
    this.indexLocal = undefined;
  }

  /** Runs `body` with loop d displaced by a constant number of elements. */
  shifted(d: number, elements: number, body: () => void): void {
    this.shifts[d] = this.shifts[d]! + elements;
    this.indexShift += elements;
    body();
    this.shifts[d] = this.shifts[d]! - elements;
    this.indexShift -= elements;
  }

  /** Pushes the running part of an access's address; answers the constant part. */
  address(access: number): number {
    const group = this.groupOf[access]!;
    const pointer = this.current[group];
    if (pointer === undefined) this.code.i32(0);
    else this.code.get(pointer);
    const { node, offset } = this.accesses[access]!;
    const shift = this.groups[group]!.reduce((sum, stride, d) => sum + stride * this.shifts[d]!, 0);
    return this.addressOf(this.accesses[access]!).offset + offset * bytesOf(node.dtype) + shift;
  }

  load(code: Code, access: number, dtype: DType, lanes: Lanes): void {
    this.loadAs(code, access, dtype, lanes, this.accesses[access]!.strides[this.shifts.length - 1] ?? 0);
  }

  /** Loads neighbours, or one element for all lanes where the vectorized loop's stride is 0. */
  loadAs(code: Code, access: number, dtype: DType, lanes: Lanes, inner: number): void {
    const constant = this.address(access);
    if (lanes.count === 1) code.memory(scalarLoads[dtype], constant);
    else {
      if (inner === 0) code.memory(dtype === "float64" ? "v128.load64_splat" : "v128.load32_splat", constant);
      else code.memory("v128.load", constant);
      if (dtype === "bool") {
        // stored 0 and 1 become masks
        pushConstant(code, lanes, "int32", 0);
        code.op("i32x4.ne");
      }
    }
  }

  index(code: Code, lanes: Lanes): void {
    if (this.indexLocal === undefined) code.i32(0);
    else code.get(this.indexLocal);
    if (this.indexShift !== 0) code.i32(this.indexShift).op("i32.add");
    if (lanes.count === 4) {
      code.op("i32x4.splat").v128([0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]).op("i32x4.add");
    }
  }

  /** Stores what `push` leaves on the stack; of a vector, the first `filled` lanes. */
  store(access: number, dtype: DType, lanes: Lanes, push: () => void, filled = lanes.count): void {
    const { code } = this;
    if (filled < lanes.count) {
      this.storeLanes(access, dtype, lanes, push, filled);
      return;
    }
    const constant = this.address(access);
    push();
    if (lanes.count === 1) code.memory(scalarStores[dtype], constant);
    else {
      if (dtype === "bool") unmask(code, lanes);
      code.memory("v128.store", constant);
    }
  }

  private storeLanes(access: number, dtype: DType, lanes: Lanes, push: () => void, filled: number): void {
    const { code } = this;
    const value = code.local("v128");
    push();
    if (dtype === "bool") unmask(code, lanes);
    code.set(value);
    for (let lane = 0; lane < filled; lane++) {
      const constant = this.address(access) + lane * bytesOf(dtype);
      code.get(value).memory(lanes.count === 4 ? "v128.store32_lane" : "v128.store64_lane", constant, lane);
    }
  }
}

/** Masks are stored as 0 and 1. */
function unmask(code: Code, lanes: Lanes): void {
  pushConstant(code, lanes, "int32", 1);
  code.op("v128.and");
}

export const scalarLoads: Record<DType, Instruction> = {
  float32: "f32.load",
  float64: "f64.load",
  int32: "i32.load",
  bool: "i32.load",
};

export const scalarStores: Record<DType, Instruction> = {
  float32: "f32.store",
  float64: "f64.store",
  int32: "i32.store",
  bool: "i32.store",
};
