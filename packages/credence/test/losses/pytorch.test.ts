import { compile, grad, losses, Poisson, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import { expectCode } from "../support/laws.js";

const { binaryCrossEntropy, binaryCrossEntropyWithLogits, crossEntropy, gaussianNll, klDiv, nll, poissonNll } = losses;
const slope = (loss: (x: Tensor) => Tensor, at: number | number[]): number[] => [
  ...grad((x: Tensor) => loss(x).sum())(tensor(at)).data(),
];

// Values and gradients of some hundred cases each stand in test/references and are measured by accuracy.test.ts; here is what they leave out.

describe("poissonNll", () => {
  const input = Array.from({ length: 4 }, () => [0.8, 0.9, 0.3]);
  const target = [
    [1, 3, 5],
    [1, 0, 6],
    [1, 4, 5],
    [1, 1, 7],
  ];

  test("the known result of case 2", () => {
    const single = (rows: number[][]): Tensor => tensor(rows, { dtype: "float32" });
    // a sum of 12 float32 numbers
    expect(poissonNll(single(input), single(target), { full: true }).item()).toBeCloseTo(3.0318071842193604, 6);
    const each = poissonNll(input, target, { full: true, reduction: "none" }).toArray();
    const known = [
      [1.4255, 1.5237, 4.6207],
      [1.4255, 2.4596, 6.1152],
      [1.4255, 2.0169, 4.6207],
      [1.4255, 1.5596, 7.7631],
    ];
    known.forEach((row, i) => {
      row.forEach((value, j) => {
        expect((each as number[][])[i]![j]).toBeCloseTo(value, 4);
      });
    });
  });

  test("row 11: with the exact factorial it is the likelihood, for targets of 0 and 1 too", () => {
    const [rates, counts] = [
      [0.4, 2.5, 30],
      [0, 1, 27],
    ];
    const options = { logInput: false, full: true, stirling: false, eps: 0, reduction: "none" } as const;
    const exact = poissonNll(rates, counts, options).data();
    const likelihood = new Poisson({ rate: rates }).logProb(counts).data();
    exact.forEach((loss, i) => void expect(loss).toBeCloseTo(-likelihood[i]!, 13));
    const stirling = poissonNll(rates, counts, { ...options, stirling: true }).data();
    expect(stirling[2]! - exact[2]!).toBeCloseTo(-1 / (12 * 27), 5);
  });

  test("a rate of 0 costs no NaN, a negative one is refused", () => {
    expect(poissonNll([0], [0], { logInput: false }).item()).toBe(0);
    expect(poissonNll([0], [3], { logInput: false }).item()).toBeCloseTo(-3 * Math.log(1e-8), 12);
    expectCode("domain", () => poissonNll([-1], [3], { logInput: false }));
    expectCode("domain", () => poissonNll([1], [-3]));
  });
});

describe("gaussianNll", () => {
  test("variances of the three shapes", () => {
    const [x, y] = [tensor([[1, 2]]), tensor([[0, 4]])];
    const full = gaussianNll(x, y, [[2, 2]]).item();
    expect(full).toBeCloseTo((Math.log(2) + (1 + 4) / 2 / 2) / 2, 14);
    expect(gaussianNll(x, y, [[2]]).item()).toBe(full);
    expect(gaussianNll(x, y, [2]).item()).toBe(full);
    expectCode("shape", () => gaussianNll(x, y, [2, 2, 2]));
    expectCode("domain", () => gaussianNll(x, y, [-1]));
  });

  test("below the floor the gradient is that at the floor, so that a variance grows again", () => {
    const loss = (v: Tensor): Tensor => gaussianNll([1], [0], v, { reduction: "none" });
    expect(loss(tensor([1e-9])).item()).toBeCloseTo((Math.log(1e-6) + 1e6) / 2, 6);
    expect(slope(loss, [1e-9])[0]! / -5e11).toBeCloseTo(1, 5);
  });
});

describe("operands that stretch each other", () => {
  test("are refused with both shapes and the fix", () => {
    expect(() => gaussianNll([[1], [2], [3]], [1, 2, 3], 1)).toThrow(/input of shape \[3, 1\].*target of shape \[3\]/);
    expectCode("shape", () => poissonNll([[1], [2], [3]], [1, 2, 3]));
    expectCode("shape", () => klDiv([[-1], [-2], [-3]], [0.1, 0.2, 0.7]));
    expectCode("shape", () => binaryCrossEntropy([[0.1], [0.2]], [1, 0]));
  });
});

describe("klDiv", () => {
  test("a target of 0 counts nothing, whatever the input, and its gradient is 0", () => {
    const loss = (x: Tensor): Tensor => klDiv(x, [0, 1], { reduction: "none" });
    expect(loss(tensor([Number.NEGATIVE_INFINITY, -2])).toArray()).toEqual([0, 2]);
    expect(slope(loss, [-5, -2]).map((x) => x + 0)).toEqual([0, -1]);
    expect(klDiv([-1, -2], [Number.NEGATIVE_INFINITY, 0], { logTarget: true, reduction: "sum" }).item()).toBe(2);
  });

  test("batchmean divides by rows, mean by elements", () => {
    const [logQ, p] = [
      [
        [-1, -2],
        [-0.5, -3],
      ],
      [
        [0.3, 0.7],
        [0.5, 0.5],
      ],
    ];
    const total = klDiv(logQ, p, { reduction: "sum" }).item();
    expect(klDiv(logQ, p, { reduction: "batchmean" }).item()).toBe(total / 2);
    expect(klDiv(logQ, p).item()).toBeCloseTo(total / 4, 15);
    expectCode("argument", () => klDiv(logQ, p, { reduction: "average" as never }));
    expectCode("domain", () => klDiv(logQ, [[-0.1, 1.1]]));
  });
});

describe("binary cross entropy", () => {
  test("certainty that fails is infinite; as PyTorch has it, 100", () => {
    expect(binaryCrossEntropy([0, 1], [1, 0], { reduction: "none" }).toArray()).toEqual([Infinity, Infinity]);
    expect(binaryCrossEntropy([0, 1], [1, 0], { reduction: "none", compat: "torch" }).toArray()).toEqual([100, 100]);
    expect(binaryCrossEntropy([0, 1], [0, 1]).item()).toBe(0);
    expect(slope((x) => binaryCrossEntropy(x, [0, 1], { reduction: "none" }), [0, 1])).toEqual([1, -1]);
    expectCode("domain", () => binaryCrossEntropy([1.1], [1]));
  });

  test("logits of any size keep value and gradient", () => {
    const loss = (x: Tensor): Tensor => binaryCrossEntropyWithLogits(x, [1, 0, 0, 1], { reduction: "none" });
    const x = [-1000, 1000, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect(loss(tensor(x)).toArray()).toEqual([1000, 1000, 0, 0]);
    expect(slope(loss, x).map((g) => g + 0)).toEqual([-1, 1, 0, 0]);
  });
});

describe("cross entropy", () => {
  const logits = [
    [1, 2, 0.5],
    [0.1, -1, 3],
  ];
  const logSum = (row: number[]): number => Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));

  test("labels and the probabilities that they mean give the same", () => {
    const byLabels = crossEntropy(logits, [1, 2]).item();
    expect(byLabels).toBeCloseTo((logSum(logits[0]!) - 2 + (logSum(logits[1]!) - 3)) / 2, 14);
    const oneHot = [
      [0, 1, 0],
      [0, 0, 1],
    ];
    expect(crossEntropy(logits, oneHot).item()).toBeCloseTo(byLabels, 15);
    expect(crossEntropy(logits[0]!, 1).item()).toBeCloseTo(logSum(logits[0]!) - 2, 14);
  });

  test("classes stand on axis 1 of images", () => {
    const image = tensor(
      Float64Array.from({ length: 2 * 3 * 2 * 2 }, (_, i) => Math.sin(i)),
      { shape: [2, 3, 2, 2] },
    );
    const labels = tensor(Int32Array.from([0, 1, 2, 0, 1, 1, 2, 0]), { shape: [2, 2, 2] });
    const each = crossEntropy(image, labels, { reduction: "none" });
    expect(each.shape).toEqual([2, 2, 2]);
    const row = [0, 1, 2].map((c) => image.data()[c * 4 + 1]!);
    expect(each.data()[1]).toBeCloseTo(logSum(row) - row[1]!, 14);
  });

  test("weights, smoothing and an ignored label together", () => {
    const weight = [1, 2, 3];
    const [a, b] = [0.1, 0.9];
    const logP = logits[0]!.map((x) => x - logSum(logits[0]!));
    const spread = -(weight[0]! * logP[0]! + weight[1]! * logP[1]! + weight[2]! * logP[2]!) / 3;
    const is = b * weight[1]! * -logP[1]! + a * spread;
    const got = crossEntropy(logits, [1, -100], { weight, labelSmoothing: a });
    expect(got.item()).toBeCloseTo(is / weight[1]!, 14);
  });

  test("where nothing counts the mean is 0; as PyTorch has it, NaN", () => {
    expect(crossEntropy(logits, [-100, -100]).item()).toBe(0);
    expect(crossEntropy(logits, [-100, -100], { compat: "torch" }).item()).toBeNaN();
    expect(slope((x) => crossEntropy(x.reshape([1, 3]), [-100]), [1, 2, 3])).toEqual([0, 0, 0]);
  });

  test("a logit of -Infinity against a target of 0 counts nothing", () => {
    const loss = (x: Tensor): Tensor => crossEntropy(x.reshape([1, 2]), [[0, 1]]);
    expect(loss(tensor([Number.NEGATIVE_INFINITY, 1])).item()).toBe(0);
    expect(slope(loss, [Number.NEGATIVE_INFINITY, 1])).toEqual([0, 0]);
  });

  test("a label that is no class is refused when known, NaN when not", () => {
    expect(() => crossEntropy(logits, [1, 3])).toThrow(/holds 3 at position 1/);
    expectCode("domain", () => nll(logits, [0.5, 1]));
    expectCode("shape", () => crossEntropy(logits, [1, 2, 0]));
    expectCode("shape", () => crossEntropy(logits, [1, 2], { weight: [1, 2] }));
    expectCode("argument", () => crossEntropy(logits, [1, 2], { labelSmoothing: 1.5 }));
    const loss = compile((labels: Tensor) => crossEntropy(logits, labels));
    expect(loss(tensor([1, 3])).item()).toBeNaN();
  });
});
