import { allocate, type Data, type DType, type FloatType } from "../graph/dtype.js";
import type { StructuralRecord, Value } from "../graph/record.js";
import { type Shape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { pullMul } from "./adjoint.js";
import { type Arithmetic, boxMuller } from "./boxMuller.js";
import { gammaPair } from "./gammaDraw.js";
import { gammaDrawSlope, logGammaDrawSlope } from "./incomplete.js";
import { float32Machine, float64Machine, int32Machine } from "./numbers.js";
import { node } from "./op.js";
import { philox } from "./philox.js";

/** What random words become. */
export type Made = "words" | "normal" | "gamma" | "logGamma";

/** Numbers of a type that a block of four random words makes, or for gamma numbers the blocks of one place. */
export const perBlock = (dtype: DType, made: Made): number =>
  made === "gamma" || made === "logGamma" || dtype === "float64" ? 2 : 4;

/** Blocks that so many numbers take. */
export const blocksOf = (size: number, dtype: DType, made: Made): number => Math.ceil(size / perBlock(dtype, made));

const keyWords = ({ data }: Value): [number, number] => [data[0] as number, data[1] as number];

/** Number j of block i stands at j · blocks + i; what is beyond the size is left out. */
function fill(out: { shape: Shape; dtype: DType }, made: Made, block: (i: number) => readonly number[]): Data {
  const size = sizeOf(out.shape);
  const blocks = blocksOf(size, out.dtype, made);
  const all = allocate(out.dtype, blocks * perBlock(out.dtype, made));
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
    return fill(out, "words", (i) => philox(int32Machine, [i, 0, 0, attrs.domain as number], keyWords(key as Value)));
  },
};

/**
 * Independent random words, a pure function of the key. Word j of block i stands at position j · blocks + i.
 *
 * @param domain  keeps uses of one key apart: 0 draws, 1 new keys
 * @shape         [size]; int32
 * @source        Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (2011): Philox4x32-10
 */
export const randomBits = (key: Tensor, size: number, domain = 0): Tensor =>
  node(record, [key], { size, domain, made: "words" });

/** The normal numbers that a block of random words makes: four in float32, two in float64. */
export function normalBlock<V>(arithmetic: Arithmetic<V>, words: readonly V[]): V[] {
  if (arithmetic.floats.precision === "float64") return boxMuller(arithmetic, words);
  return [...boxMuller(arithmetic, words.slice(0, 2)), ...boxMuller(arithmetic, words.slice(2))];
}

function numbersOf(dtype: DType): Arithmetic<number> {
  const floats = dtype === "float32" ? float32Machine : float64Machine;
  return { ints: int32Machine, floats, toFloat: floats.num };
}

const normalRecord: StructuralRecord = {
  kind: "random",
  name: "randomNormal",
  shape: (_, attrs) => [attrs.size as number],
  dtype: (_, attrs) => attrs.dtype as FloatType,
  grad: () => [null],
  reference: ([key], out, attrs) => {
    return fill(out, "normal", (i) =>
      normalBlock(
        numbersOf(out.dtype),
        philox(int32Machine, [i, 0, 0, attrs.domain as number], keyWords(key as Value)),
      ),
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
  node(normalRecord, [key], { size, dtype, domain, made: "normal" });

const gammaRecord: StructuralRecord = {
  kind: "random",
  name: "randomGamma",
  shape: (_, attrs) => [attrs.size as number],
  dtype: ([, concentration]) => concentration as FloatType,
  grad: ({ inputs: [, a], attrs, out, dy }) => {
    const slope = attrs.made === "gamma" ? gammaDrawSlope : logGammaDrawSlope;
    return [null, pullMul(dy, slope(a as Tensor, out))];
  },
  reference: ([key, concentration], out, attrs) => {
    const { data } = concentration as Value;
    const [made, domain] = [attrs.made as Made, attrs.domain as number];
    const blocks = blocksOf(sizeOf(out.shape), out.dtype, made);
    const at = (i: number): number => data[data.length === 1 ? 0 : i] ?? Number.NaN; // the last may have no neighbour
    return fill(out, made, (i) => {
      const words = (attempt: number, part: number) =>
        philox(int32Machine, [i, attempt, part, domain], keyWords(key as Value));
      return gammaPair(numbersOf(out.dtype), [at(i), at(blocks + i)], words, made === "logGamma");
    });
  },
};

/**
 * Independent numbers from gamma distributions of rate 1, or their logarithms, a pure function of key and concentrations. The words
 * of numbers i and blocks + i, where blocks is half of the size, are the blocks (i, attempt, part). Gradients reach the concentrations.
 *
 * @param concentration  one, or one a number
 * @param domain         as of `randomBits`
 * @shape                [size]; the concentration's type
 */
export const randomGamma = (key: Tensor, size: number, concentration: Tensor, made: Made, domain = 0): Tensor =>
  node(gammaRecord, [key, concentration], { size, made, domain });
