import { fail } from "../errors.js";
import { allocate, convert, type Data, type DType } from "./dtype.js";
import { checkShape, type Shape, showShape, sizeOf } from "./shape.js";
import { Tensor } from "./tensor.js";

export type Nested = readonly (number | boolean | Nested)[];
/** What stands for a tensor in a call. Numbers are weak float64, arrays float64, typed arrays keep their type. */
export type TensorLike = Tensor | number | boolean | Data | Nested;

/** A tensor over `data`, which must not be changed afterwards. */
export function fromData(data: Data, shape: Shape, dtype: DType): Tensor {
  return new Tensor(shape, dtype, { kind: "data", data });
}

/** A scalar or array of one repeated value. */
export function filled(value: number, shape: Shape, dtype: DType): Tensor {
  return fromData(allocate(dtype, sizeOf(shape)).fill(value) as Data, shape, dtype);
}

/**
 * A tensor of the given numbers.
 *
 * @param value  a number (weak float64), nested arrays (float64; bool if of booleans), or a typed array (float64, float32, int32)
 * @param options.shape  shape of a flat list of numbers; default: as nested
 * @param options.dtype  element type; default: by the kind of `value`
 * @throws CredenceError `shape`: ragged arrays, or a shape of another size; `dtype`: something that is not a number
 */
export function tensor(value: TensorLike, options: { shape?: Shape; dtype?: DType } = {}): Tensor {
  return read("tensor", value, options);
}

/** What an op was given, as a tensor; errors name the op. */
export const operand = (op: string, value: TensorLike): Tensor =>
  value instanceof Tensor ? value : read(op, value, {});

function read(name: string, value: TensorLike, { shape, dtype }: { shape?: Shape; dtype?: DType }): Tensor {
  if (value instanceof Tensor) {
    if (shape !== undefined || dtype !== undefined) {
      fail({
        code: "argument",
        given: "tensor: options for a tensor that is one already",
        mend: "use .reshape(shape) or .cast(dtype)",
      });
    }
    return value;
  }
  if (typeof value === "number" || typeof value === "boolean") {
    const type = dtype ?? (typeof value === "boolean" ? "bool" : "float64");
    const data = convert([value], type);
    const weak = dtype === undefined && typeof value === "number";
    return reshaped(new Tensor([], type, { kind: "data", data }, weak), shape);
  }
  if (ArrayBuffer.isView(value)) return reshaped(fromView(name, value, dtype), shape);
  if (Array.isArray(value)) return reshaped(fromNested(name, value as Nested, dtype), shape);
  const kind = value === null ? "null" : typeof value;
  return fail({
    code: "dtype",
    given: `${name}: ${name === "tensor" ? kind : `an operand is ${kind}`}`,
    allowed: "a number, nested arrays of numbers, a Float64Array, Float32Array, Int32Array or Uint8Array, or a Tensor",
  });
}

function fromView(name: string, view: Data, dtype: DType | undefined): Tensor {
  const own: DType | undefined =
    view instanceof Float64Array
      ? "float64"
      : view instanceof Float32Array
        ? "float32"
        : view instanceof Int32Array
          ? "int32"
          : view instanceof Uint8Array
            ? "bool"
            : undefined;
  if (own === undefined) {
    return fail({
      code: "dtype",
      given: `${name}: a ${(view as object).constructor.name}`,
      allowed: "Float64Array, Float32Array, Int32Array, or Uint8Array (bool)",
    });
  }
  const type = dtype ?? own;
  return fromData(convert(view, type), [view.length], type);
}

function fromNested(name: string, nested: Nested, dtype: DType | undefined): Tensor {
  const shape: number[] = [];
  for (let level: unknown = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat: (number | boolean)[] = [];
  collect(name, nested, shape, 0, flat);
  const type = dtype ?? (flat.length > 0 && flat.every((x) => typeof x === "boolean") ? "bool" : "float64");
  return fromData(convert(flat, type), shape, type);
}

function collect(name: string, level: unknown, shape: Shape, depth: number, flat: (number | boolean)[]): void {
  if (depth === shape.length) {
    if (typeof level !== "number" && typeof level !== "boolean") {
      fail({
        code: Array.isArray(level) ? "shape" : "dtype",
        given: `${name}: ${Array.isArray(level) ? "an array deeper than its neighbours" : `${String(level)} (${typeof level})`} among the numbers`,
        allowed: "numbers, nested to the same depth everywhere",
      });
    }
    flat.push(level);
    return;
  }
  if (!Array.isArray(level) || level.length !== shape[depth]) {
    fail({
      code: "shape",
      given: `${name}: ragged arrays: ${Array.isArray(level) ? `length ${level.length}` : "a number"} beside length ${shape[depth]} on axis ${depth}`,
      allowed: "arrays of equal length on each axis",
    });
  }
  for (const item of level) collect(name, item, shape, depth + 1, flat);
}

function reshaped(value: Tensor, shape: Shape | undefined): Tensor {
  if (shape === undefined) return value;
  checkShape("tensor", shape);
  if (sizeOf(shape) !== value.size) {
    fail({
      code: "shape",
      given: `tensor: ${value.size} numbers for shape ${showShape(shape)}`,
      allowed: `${sizeOf(shape)} numbers`,
    });
  }
  return new Tensor(shape, value.dtype, value.source, value.weak);
}
