import type { StructuralRecord, Value } from "../graph/record.js";
import { sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { int32Machine } from "./numbers.js";
import { node } from "./op.js";
import { philox } from "./philox.js";

const record: StructuralRecord = {
  kind: "randomBits",
  name: "randomBits",
  shape: (_, attrs) => [attrs.size as number],
  dtype: () => "int32",
  grad: () => [null],
  reference: ([key], out, attrs) => {
    const [k0, k1] = (key as Value).data as unknown as [number, number];
    const size = sizeOf(out.shape);
    const blocks = Math.ceil(size / 4);
    const words = new Int32Array(blocks * 4);
    for (let i = 0; i < blocks; i++) {
      philox(int32Machine, [i, 0, 0, attrs.domain as number], [k0, k1]).forEach((word, j) => {
        words[j * blocks + i] = word;
      });
    }
    return words.slice(0, size);
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
