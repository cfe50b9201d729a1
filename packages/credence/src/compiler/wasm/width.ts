import type { DType } from "../../graph/dtype.js";
import type { ValueType } from "./assembler.js";

/** How many elements instructions work on at once: one, or the 4 or 2 of a 128-bit vector. */
export interface Lanes {
  /** Elements computed at once: 1, 2 or 4. */
  readonly count: number;
  typeOf(dtype: DType): ValueType;
}

export const scalar: Lanes = { count: 1, typeOf: (dtype) => scalarTypes[dtype] };
export const vector = (count: 2 | 4): Lanes => ({ count, typeOf: () => "v128" });

export const scalarTypes = { float32: "f32", float64: "f64", int32: "i32", bool: "i32" } as const;
export const vectorTypes = { float32: "f32x4", float64: "f64x2", int32: "i32x4", bool: "i32x4" } as const;
