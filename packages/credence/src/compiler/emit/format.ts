import type { Code, Local, ValueType } from "../wasm/assembler.js";
import type { Instruction } from "../wasm/opcodes.js";
import type { Simd } from "../wasm/width.js";

/** The instructions of products in one float type. */
export interface Format {
  readonly bytes: number;
  /** Elements at once, and the type that holds them. */
  readonly lanes: number;
  readonly type: ValueType;
  readonly load: Instruction;
  readonly store: Instruction;
  /** One element for all lanes. */
  readonly splat: Instruction;
  readonly mul: Instruction;
  readonly add: Instruction;
  /** Product and sum in one instruction, rounded once or twice. */
  readonly madd?: Instruction;
  readonly scalar: {
    readonly load: Instruction;
    readonly store: Instruction;
    readonly mul: Instruction;
    readonly add: Instruction;
  };
}

const vectors = { type: "v128", load: "v128.load", store: "v128.store" } as const;

const single: Format = {
  ...vectors,
  bytes: 4,
  lanes: 4,
  splat: "v128.load32_splat",
  mul: "f32x4.mul",
  add: "f32x4.add",
  scalar: { load: "f32.load", store: "f32.store", mul: "f32.mul", add: "f32.add" },
};

const double: Format = {
  ...vectors,
  bytes: 8,
  lanes: 2,
  splat: "v128.load64_splat",
  mul: "f64x2.mul",
  add: "f64x2.add",
  scalar: { load: "f64.load", store: "f64.store", mul: "f64.mul", add: "f64.add" },
};

/** One element at a time. */
const alone = (type: "f32" | "f64", { bytes, scalar }: Format): Format => ({
  type,
  bytes,
  lanes: 1,
  ...scalar,
  splat: scalar.load,
  scalar,
});

const formats: Record<"float32" | "float64", Record<Simd, Format>> = {
  float32: { strict: single, relaxed: { ...single, madd: "f32x4.relaxed_madd" }, scalar: alone("f32", single) },
  float64: { strict: double, relaxed: { ...double, madd: "f64x2.relaxed_madd" }, scalar: alone("f64", double) },
};

export const formatOf = (dtype: "float32" | "float64", simd: Simd): Format => formats[dtype][simd];

export function pushZero(code: Code, { type }: Format): void {
  if (type === "v128") code.v128(new Array<number>(16).fill(0));
  else if (type === "f32") code.f32(0);
  else code.f64(0);
}

/** sum + x · y, where `push` leaves x and y on the stack. */
export function addProduct(code: Code, { mul, add, madd }: Format, sum: Local, push: () => void): void {
  if (madd) {
    push();
    code.get(sum).op(madd);
  } else {
    code.get(sum);
    push();
    code.op(mul).op(add);
  }
  code.set(sum);
}
