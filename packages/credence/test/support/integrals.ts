import { type Tensor, tensor } from "credence";
import type { Distribution } from "credence/distributions";
import { expect } from "vitest";
import { gaussLegendre } from "./quadrature.js";

/** The numbers of a tensor [n, ...] as one list for each of the places behind the first axis. */
export function columns(t: Tensor, n: number): number[][] {
  const data = t.data();
  const width = data.length / n;
  return Array.from({ length: width }, (_, j) => Array.from({ length: n }, (__, i) => data[i * width + j]!));
}

/** Levels so dense that between two neighbours a density is smooth, however narrow a component may be. */
const LEVELS = [
  1e-13,
  1e-11,
  1e-9,
  1e-7,
  1e-5,
  1e-4,
  1e-3,
  4e-3,
  ...Array.from({ length: 127 }, (_, i) => (i + 1) / 128),
  0.996,
  0.999,
  1 - 1e-4,
  1 - 1e-5,
  1 - 1e-7,
  1 - 1e-9,
  1 - 1e-11,
];

/**
 * Density, mean and entropy of a continuous law by quadrature between quantiles, place by place of the batch. Panels that reach
 * over several orders of magnitude are taken on the scale of logarithms, where heavy tails and poles at 0 are smooth.
 */
export function densityHolds(d: Distribution, has: (method: "mean" | "entropy") => boolean): void {
  const { points, weights } = gaussLegendre(24);
  const ones = d.batchShape.map(() => 1);
  const edges = columns(d.quantile(tensor(LEVELS, { shape: [LEVELS.length, ...ones] })), LEVELS.length);
  const panels = LEVELS.length - 1;
  const size = edges.length;
  const x = new Float64Array(panels * points.length * size);
  const w = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const [place, point, panel] = [
      i % size,
      Math.floor(i / size) % points.length,
      Math.floor(i / size / points.length),
    ];
    const [a, b] = [edges[place]![panel]!, edges[place]![panel + 1]!];
    const t = points[point]!;
    const ratio = Math.max(Math.abs(a), Math.abs(b)) / Math.min(Math.abs(a), Math.abs(b));
    if (a * b > 0 && ratio > 1.5) {
      const [low, high] = [Math.log(Math.abs(a)), Math.log(Math.abs(b))];
      x[i] = Math.sign(a) * Math.exp((low + high) / 2 + ((high - low) / 2) * t);
      w[i] = (weights[point]! * (high - low) * x[i]!) / 2;
    } else {
      x[i] = (a + b) / 2 + ((b - a) / 2) * t;
      w[i] = (weights[point]! * (b - a)) / 2;
    }
  }
  const count = panels * points.length;
  const at = tensor(x, { shape: [count, ...d.batchShape] });
  const density = columns(d.prob(at), count);
  const positions = columns(at, count);
  const measure = columns(tensor(w, { shape: at.shape }), count);
  const entropies = has("entropy") ? d.entropy().data() : undefined;
  const means = has("mean") ? d.mean().data() : undefined;
  edges.forEach((edge, place) => {
    let [entropy, mean, spread] = [0, 0, 0];
    for (let panel = 0; panel < panels; panel++) {
      let mass = 0;
      for (let k = 0; k < points.length; k++) {
        const at = panel * points.length + k;
        const f = density[place]![at]!;
        const part = measure[place]![at]! * f;
        mass += part;
        if (f > 0) entropy -= part * Math.log(f);
        mean += part * positions[place]![at]!;
        spread += part * Math.abs(positions[place]![at]!);
      }
      const expected = LEVELS[panel + 1]! - LEVELS[panel]!;
      // neighbouring floats may be the edges of a narrow law far from 0
      const blur =
        (2 ** -52 * Math.max(Math.abs(edge[panel]!), Math.abs(edge[panel + 1]!))) /
        Math.abs(edge[panel + 1]! - edge[panel]!);
      // a relative 1e-8 for the rule; near 1 the levels themselves are rounded to 1e-16
      expect(Math.abs(mass - expected), `mass between ${LEVELS[panel]} and ${LEVELS[panel + 1]}`).toBeLessThan(
        (1e-8 + blur) * expected + 4e-16,
      );
    }
    // beyond the first and last level lie 1e-11 of the mass, and of heavy tails more of the mean: laws without a variance are left out
    const variance = means === undefined ? Number.NaN : d.variance().data()[place]!;
    if (means !== undefined && Number.isFinite(variance)) {
      expect(Math.abs(mean - means[place]!) / Math.max(spread, Number.MIN_VALUE)).toBeLessThan(2e-5);
    }
    if (entropies) expect(Math.abs(entropy - entropies[place]!)).toBeLessThan(1e-8 * Math.max(1, Math.abs(entropy)));
  });
}

/** How many whole numbers are added up at most. */
const MOST_TERMS = 20_000;

/** Probabilities of a law of whole numbers add up to its cdf, mean, variance and entropy; quantile and cdf undo each other. */
export function sumsHold(
  d: Distribution,
  has: (method: "mean" | "variance" | "entropy" | "quantile" | "cdf") => boolean,
): void {
  if (!has("quantile") || !has("cdf")) return;
  const ends = [1e-13, 1 - 1e-13].map((p) => [...d.quantile(p).data()]);
  const lower = Math.min(...ends[0]!);
  const n = Math.min(MOST_TERMS, Math.max(...ends[1]!) - lower + 1);
  const k = Float64Array.from({ length: n }, (_, i) => lower + i);
  const size = d.batchShape.reduce((a, b) => a * b, 1);
  const at = tensor(k, { shape: [n, ...d.batchShape.map(() => 1)] }).broadcastTo([n, ...d.batchShape]);
  const [prob, cdf, survival, again] = [d.prob(at), d.cdf(at), d.survival(at), d.quantile(d.cdf(at))].map((t) =>
    columns(t, n),
  );
  const before = d.cdf(at.sub(1)).data();
  for (let place = 0; place < size; place++) {
    const p = prob![place]!;
    let total = before[place]!;
    let [mean, entropy] = [0, 0];
    for (let i = 0; i < n; i++) {
      total += p[i]!;
      mean += p[i]! * k[i]!;
      if (p[i]! > 0) entropy -= p[i]! * Math.log(p[i]!);
      // rounding of the sum, and of a cdf whose own conditioning is of the order of k
      expect(Math.abs(total - cdf![place]![i]!), `cdf(${k[i]})`).toBeLessThan(1e-12);
      expect(Math.abs(cdf![place]![i]! + survival![place]![i]! - 1)).toBeLessThan(1e-13);
      const level = cdf![place]![i]!;
      if (p[i]! > 1e-12 && level < 1) expect(again![place]![i]!, `quantile(cdf(${k[i]}))`).toBe(k[i]);
    }
    if (total < 1 - 1e-11) continue; // too long a tail to add up
    const variance = p.reduce((sum, weight, i) => sum + weight * (k[i]! - mean) ** 2, 0);
    const close = (got: Tensor, is: number, what: string): void =>
      void expect(Math.abs(got.data()[place]! - is), what).toBeLessThan(1e-7 * Math.max(1e-3, Math.abs(is)));
    if (has("mean")) close(d.mean(), mean, "mean");
    if (has("variance")) close(d.variance(), variance, "variance");
    if (has("entropy")) close(d.entropy(), entropy, "entropy");
  }
}
