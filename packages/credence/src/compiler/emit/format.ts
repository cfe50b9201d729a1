import type { Instruction } from "../wasm/opcodes.js";

/** The instructions of products in one float type. */
export interface Format {
  readonly bytes: number;
  readonly lanes: number;
  readonly splat: Instruction;
  readonly storeLane: Instruction;
  readonly mul: Instruction;
  readonly add: Instruction;
  readonly scalar: {
    readonly load: Instruction;
    readonly store: Instruction;
    readonly mul: Instruction;
    readonly add: Instruction;
  };
}

const single: Format = {
  bytes: 4,
  lanes: 4,
  splat: "v128.load32_splat",
  storeLane: "v128.store32_lane",
  mul: "f32x4.mul",
  add: "f32x4.add",
  scalar: { load: "f32.load", store: "f32.store", mul: "f32.mul", add: "f32.add" },
};

const double: Format = {
  bytes: 8,
  lanes: 2,
  splat: "v128.load64_splat",
  storeLane: "v128.store64_lane",
  mul: "f64x2.mul",
  add: "f64x2.add",
  scalar: { load: "f64.load", store: "f64.store", mul: "f64.mul", add: "f64.add" },
};

export const formatOf = (dtype: "float32" | "float64"): Format => (dtype === "float32" ? single : double);
