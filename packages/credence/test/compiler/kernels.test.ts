import { compile, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import { fromData } from "../../src/graph/literal.js";
import { type Shape, sizeOf } from "../../src/graph/shape.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { numbersOf } from "../support/numbers.js";
import { refusal } from "../support/refused.js";

/** Graphs that once were compiled wrong, and corners that random graphs seldom meet. */
const random = (shape: Shape, dtype: "float32" | "float64" = "float32"): Tensor =>
  fromData(numbersOf(dtype, sizeOf(shape), 1, 0), shape, dtype);

function expectAgreement(fn: (...args: Tensor[]) => Tensor[], ...args: Tensor[]): void {
  const expected = withEngine("interpreter", () => evaluate(fn(...args)));
  compile(fn)(...args).forEach((t, i) => {
    expectSameBits(t.data(), expected[i]!, `result ${i}`);
  });
}

describe("a loop that reads what it has just stored", () => {
  test.each([[[1]], [[1, 1, 1]], [[1, 2, 3]], [[1, 5]]])("shape %j", (shape) => {
    expectAgreement((x) => {
      const a = x!.exp();
      const flipped = a.transpose(a.shape.map((_, i) => a.rank - 1 - i));
      const flat = a.reshape(a.shape.filter((n) => n !== 1)).broadcastTo(shape);
      return [a, flat.add(a), ...(flipped.shape.every((n, i) => n === shape[i]) ? [flipped.mul(a)] : [])];
    }, random(shape));
  });
});

describe("a reduction whose input another reduction has stored", () => {
  test("reads it across its rows", () => {
    expectAgreement(
      (u, v) => {
        const x = u!.add(v!);
        return [x.transpose([0, 2, 1]).sum([0, 1]), x.sum()];
      },
      random([2, 1, 4]),
      random([1, 3, 1]),
    );
  });

  test("and one below that", () => {
    expectAgreement(
      (u, v) => {
        const x = u!.add(v!);
        const y = x.transpose([2, 0, 1]).mul(2);
        return [y.sum([0, 1]), y.transpose([1, 0, 2]).max([1, 2]), x.sum(), x.transpose([2, 1, 0]).sum([0, 1])];
      },
      random([2, 1, 4], "float64"),
      random([1, 3, 1], "float64"),
    );
  });
});

describe("operands of one element", () => {
  test("are constants of matmul, gather and scatter", () => {
    const one = tensor(Int32Array.of(1));
    expectAgreement(
      (x) => [
        x!.matmul(tensor([[2]])),
        x!.gather(one),
        tensor([[5, 6]])
          .cast("float32")
          .gather(x!.slice(1, 0, 1).mul(0)),
      ],
      random([3, 1]),
    );
  });
});

describe("repeated elements", () => {
  test("of inner and outer axes, in any mixture", () => {
    expectAgreement(
      (row, column, scalar) => {
        const x = row!.mul(column!).add(scalar!);
        return [x, x.sum(1), x.sum(0), x.max([0, 2]), x.mul(row!).sum(), x.add(x.transpose([0, 2, 1]))];
      },
      random([1, 1, 7]),
      random([3, 7, 1]),
      random([]),
    );
  });

  test("sums of one number repeated", () => {
    expectAgreement(
      (x) => [x!.broadcastTo([300]).sum(), x!.broadcastTo([3, 300]).sum(0), tensor(0.1).broadcastTo([7, 9]).sum()],
      random([1]),
    );
  });
});

describe("types side by side in one loop", () => {
  test("masks, whole numbers and both floats", () => {
    expectAgreement(
      (x, y, n) => {
        const mask = x!.lt(y!);
        return [
          mask,
          mask.cast("float64").mul(y!),
          mask.cast("float32").mul(x!),
          n!.add(mask.cast("int32")),
          mask.and(n!.gt(0)),
          mask.not().cast("int32").sum(),
        ];
      },
      random([11]),
      random([11], "float64"),
      tensor(Int32Array.from({ length: 11 }, (_, i) => i - 5)),
    );
  });
});

describe("long rows", () => {
  test.each([255, 256, 257, 263, 271, 515])("of %d", (n) => {
    for (const dtype of ["float32", "float64"] as const) {
      expectAgreement(
        (x) => [
          x!.sum(1),
          x!.max(1),
          x!.exp().sum(1),
          x!.mul(2).max(),
          x!.transpose().sum(0),
          x!.argmax(),
          x!.cumsum(),
        ],
        random([2, n], dtype),
      );
    }
    expectAgreement(
      (x) => [x!.sum(1), x!.max(1), x!.mul(3).sum(), x!.cast("bool").sum(1)],
      fromData(numbersOf("int32", 2 * n, n, 50), [2, n], "int32"),
    );
  });
});

describe("a network's step", () => {
  test("with shared weights, slices of heads and several losses", () => {
    expectAgreement(
      (x, w) => {
        const h = x!.matmul(w!).tanh().matmul(w!.transpose()).matmul(w!);
        const [a, b] = [h.slice(1, 0, 3), h.slice(1, 3)];
        const z = a.sub(a.max(1, { keepDims: true })).exp();
        const p = z.div(z.sum(1, { keepDims: true }));
        return [p, p.mul(b.sigmoid()).sum(1).log().mean(), b.softplus().sum(0), h.reshape([-1]).cumsum().slice(0, -4)];
      },
      random([5, 4]),
      random([4, 6]),
    );
  });
});

test("what is compiled has the words of its error", () => {
  const huge = compile((x: Tensor) => x.broadcastTo([2 ** 16, 2 ** 15]).cumsum(), { name: "huge" });
  expect(refusal(() => huge(random([1])))).toMatchInlineSnapshot(`
    "compile: the program needs 16.00 GiB; its largest buffer is expand of shape [65536, 32768] with 8.00 GiB.
      allowed: 4 GiB in one WebAssembly memory
      mend:    work in smaller batches
      at:      kernels.test.ts"
  `);
});
