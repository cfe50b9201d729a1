import { allocate, type Data, type DType, type FloatType } from "../graph/dtype.js";
import type { StructuralRecord, Value } from "../graph/record.js";
import { type Shape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { type Arithmetic, boxMuller } from "./boxMuller.js";
import { float32Machine, float64Machine, int32Machine } from "./numbers.js";
import { node } from "./op.js";
import { philox } from "./philox.js";

/** Numbers of a type that a block of four random words makes. */
export const perBlock = (dtype: DType): number => (dtype === "float64" ? 2 : 4);

/** Blocks that so many numbers take. */
export const blocksOf = (size: number, dtype: DType): number => Math.ceil(size / perBlock(dtype));

const keyWords = ({ data }: Value): [number, number] => [data[0] as number, data[1] as number];

/** Number j of block i stands at j · blocks + i; what is beyond the size is left out. */
function fill(out: { shape: Shape; dtype: DType }, block: (i: number) => readonly number[]): Data {
  const size = sizeOf(out.shape);
  const blocks = blocksOf(size, out.dtype);
  const all = allocate(out.dtype, blocks * perBlock(out.dtype));
  for (let i = 0; i < blocks; i++) {
    block(i).forEach((x, j) => {
      all[j * blocks + i] = x;
    });
  }
  return all.slice(0, size);
}

const record: StructuralRecord = {
  kind: "random",
  name: "randomBits",
  shape: (_, attrs) => [attrs.size as number],
  dtype: () => "int32",
  grad: () => [null],
  reference: ([key], out, attrs) => {
    return fill(out, (i) => philox(int32Machine, [i, 0, 0, attrs.domain as number], keyWords(key as Value)));
  },
};

/**
 * Independent random words, a pure function of the key. Word j of block i stands at position j · blocks + i.
 *
 * @param domain  keeps uses of one key apart: 0 draws, 1 new keys
 * @shape         [size]; int32
 * @source        Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (2011): Philox4x32-10
 */
export const randomBits = (key: Tensor, size: number, domain = 0): Tensor => node(record, [key], { size, domain });

/** The normal numbers that a block of random words makes: four in float32, two in float64. */
export function normalBlock<V>(arithmetic: Arithmetic<V>, words: readonly V[]): V[] {
  if (arithmetic.floats.precision === "float64") return boxMuller(arithmetic, words);
  return [...boxMuller(arithmetic, words.slice(0, 2)), ...boxMuller(arithmetic, words.slice(2))];
}

const normalRecord: StructuralRecord = {
  kind: "random",
  name: "randomNormal",
  shape: (_, attrs) => [attrs.size as number],
  dtype: (_, attrs) => attrs.dtype as FloatType,
  grad: () => [null],
  reference: ([key], out, attrs) => {
    const floats = out.dtype === "float32" ? float32Machine : float64Machine;
    const arithmetic = { ints: int32Machine, floats, toFloat: floats.num };
    return fill(out, (i) =>
      normalBlock(arithmetic, philox(int32Machine, [i, 0, 0, attrs.domain as number], keyWords(key as Value))),
    );
  },
};

/**
 * Independent standard normal numbers, a pure function of the key: those of block i, whose words are those of `randomBits`, stand
 * at i, blocks + i, 2 · blocks + i ...
 *
 * @param domain  as of `randomBits`
 * @shape         [size]
 */
export const randomNormal = (key: Tensor, size: number, dtype: FloatType, domain = 0): Tensor =>
  node(normalRecord, [key], { size, dtype, domain });
