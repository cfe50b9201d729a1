import { whileLoop } from "../autodiff/whileLoop.js";
import { tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { cos, exp, expm1, log1p, logAddExp, sin, stopGradient, where } from "../ops/index.js";
import { foldIn, logStandardGamma, normal, split, uniformOpen } from "../random/index.js";
import { stack } from "../tensor/derived.js";
import { VonMises } from "./vonMises.js";

/** Below this a law of directions is even to rounding. */
const LEAST = 1e-30;

/** A candidate is taken with a probability of at least 0.6; what is left after so many is less than 1e-29. */
const MOST_TRIES = 72;

/**
 * Directions of von Mises and Fisher's law: how far along the mean direction, and an even direction across it.
 *
 * @param mean   of length 1, [..., d]
 * @param shape  of the draws, without the axis of their numbers
 * @shape  [...shape, d]
 */
export function directionDraw(key: Tensor, mean: Tensor, concentration: Tensor, shape: Shape): Tensor {
  const dtype = mean.dtype as "float32" | "float64";
  const d = mean.shape[mean.rank - 1]!;
  const k = concentration.maximum(LEAST);
  if (d === 2) return onCircle(key, mean, k, shape);
  const [ofHeight, ofSide] = split(key) as [Tensor, Tensor];
  const below = (d === 3 ? inverted(ofHeight, k, shape, dtype) : rejected(ofHeight, k, shape, dtype, d)).expandDims(-1);
  const z = normal(ofSide, [...shape, d], { dtype });
  const across = z.sub(mean.mul(z.mul(mean).sum(-1, { keepDims: true })));
  const side = across.div(across.square().sum(-1, { keepDims: true }).sqrt());
  const radius = below.mul(below.neg().add(2)).sqrt();
  const draws = mean.sub(mean.mul(below)).add(side.mul(radius));
  return draws.div(draws.square().sum(-1, { keepDims: true }).sqrt()); // a side of few digits is not quite across
}

/** Turned by an angle of von Mises' law. */
function onCircle(key: Tensor, mean: Tensor, k: Tensor, shape: Shape): Tensor {
  const missing = shape.slice(0, shape.length - k.rank);
  const angle = new VonMises({ loc: 0, concentration: k }).draw(key, missing);
  const [x, y] = [mean.slice(-1, 0, 1).squeeze(-1), mean.slice(-1, 1, 2).squeeze(-1)];
  const [c, s] = [cos(angle), sin(angle)];
  return stack([x.mul(c).sub(y.mul(s)), x.mul(s).add(y.mul(c))], -1);
}

/** 1 - cos of the angle to the mean direction in three dimensions, where its distribution function is (1 - e^(-k w)) / (1 - e^(-2k)). */
function inverted(key: Tensor, k: Tensor, shape: Shape, dtype: "float32" | "float64"): Tensor {
  const u = uniformOpen(key, shape, { dtype });
  return log1p(u.mul(expm1(k.mul(-2))))
    .div(k)
    .neg();
}

/**
 * The same in d dimensions, by rejection from 2 b G / (H + b G) with gamma numbers G and H of concentration (d - 1) / 2. No gradient.
 *
 * @source Wood, Simulation of the von Mises Fisher distribution (1994), in terms of what the cosine lacks to 1
 */
function rejected(key: Tensor, concentration: Tensor, shape: Shape, dtype: "float32" | "float64", d: number): Tensor {
  const k = stopGradient(concentration);
  const twice = k.mul(2);
  const b = tensor(d - 1).div(hypot(twice, d - 1).add(twice));
  const gamma = tensor((d - 1) / 2).cast(dtype);
  const candidate = (at: Tensor): { readonly below: Tensor; readonly isTaken: Tensor } => {
    const [first, second, third] = split(at, 3) as [Tensor, Tensor, Tensor];
    const [g, h] = [logStandardGamma(first, shape, gamma), logStandardGamma(second, shape, gamma)];
    const part = g.add(b.log());
    const below = exp(part.sub(logAddExp(h, part))).mul(2);
    const level = k.mul(b.mul(2).div(b.add(1)).sub(below)).add(
      below
        .mul(b.neg().add(1))
        .div(b.mul(2))
        .log1p()
        .add(b.sub(1).mul(0.5).log1p())
        .mul(d - 1),
    );
    return { below, isTaken: uniformOpen(third, shape, { dtype }).log().lt(level) };
  };
  const first = candidate(key);
  return whileLoop(
    ({ open }) => open.sum().gt(0),
    ({ below, open, count }) => {
      const next = candidate(foldIn(key, count));
      return { below: where(open, next.below, below), open: open.and(next.isTaken.not()), count: count.add(1) };
    },
    { below: first.below, open: first.isTaken.not(), count: tensor(new Int32Array([0]), { shape: [] }) },
    { limit: MOST_TRIES },
  ).below;
}

/** √(x² + y²) without overflow. */
function hypot(x: Tensor, y: number): Tensor {
  const most = x.maximum(y);
  return x.div(most).square().add(tensor(y).div(most).square()).sqrt().mul(most);
}
