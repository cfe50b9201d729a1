import type { Machine } from "../machine.js";
import { exp } from "./exp.js";
import { expSquare, timesExp } from "./gaussian.js";
import { ndtr } from "./ndtr.js";
import { atMost, pick } from "./sums.js";

/** The positive nodes and the weights of Gauss and Legendre's rule of 12 and of 24 points: minimax.py, "legendre". */
const RULE = {
  float32: {
    nodes: [
      0.9815606474876404, 0.904117226600647, 0.7699026465415955, 0.587317943572998, 0.3678314983844757,
      0.12523341178894043,
    ],
    weights: [
      0.0471753366291523, 0.10693932324647903, 0.16007833182811737, 0.20316742360591888, 0.23349253833293915,
      0.24914704263210297,
    ],
  },
  float64: {
    nodes: [
      0.9951872199970213, 0.9747285559713095, 0.9382745520027328, 0.8864155270044011, 0.820001985973903,
      0.7401241915785544, 0.6480936519369755, 0.5454214713888396, 0.4337935076260451, 0.3150426796961634,
      0.1911188674736163, 0.06405689286260563,
    ],
    weights: [
      0.0123412297999872, 0.028531388628933663, 0.04427743881741981, 0.05929858491543678, 0.0733464814110803,
      0.08619016153195327, 0.09761865210411388, 0.10744427011596563, 0.1155056680537256, 0.12167047292780339,
      0.1258374563468283, 0.12793819534675216,
    ],
  },
};

/** Beyond so many standard deviations nothing is left of a normal density that counts. */
const REACH = { float32: 6, float64: 9 };

/** From here on e^(-h² / 2) is 0. */
const NONE = { float32: 14.5, float64: 39 };

/** T for 0 <= h <= NONE and 0 <= a <= 1: e^(-h² / 2) / 2π times the integral of e^(-h² x² / 2) / (1 + x²) over x from 0 to a. */
function integral<V>(m: Machine<V>, h: V, a: V): V {
  const one = m.num(1);
  const { nodes, weights } = pick(m, RULE);
  const reach = m.div(m.num(pick(m, REACH)), h);
  const end = m.select(m.gt(a, reach), reach, a);
  let sum = m.num(0);
  nodes.forEach((node, i) => {
    for (const place of [(1 - node) / 2, (1 + node) / 2]) {
      const x = m.mul(end, m.num(place));
      const power = m.mul(h, x);
      const density = exp(m, m.mul(m.mul(power, power), m.num(-0.5)));
      sum = m.add(sum, m.mul(m.num((weights[i] as number) / 2), m.div(density, m.add(one, m.mul(x, x)))));
    }
  });
  const factor = m.mul(m.mul(sum, end), m.num(1 / (2 * Math.PI)));
  return timesExp(m, { head: factor, tail: m.num(0) }, expSquare(m, h, -0.5));
}

/**
 * Owen's T: the probability that X > h and 0 < Y < a X, for independent standard normal X and Y. Odd in a, even in h.
 *
 * For |a| > 1 it comes of T(a h, 1 / a), which the two tails are added to.
 *
 * @source Owen, Tables for computing bivariate normal probabilities (1956), (2.1) and (2.3)
 */
export function owensT<V>(m: Machine<V>, h: V, a: V): V {
  const [half, one] = [m.num(0.5), m.num(1)];
  const distance = m.abs(h);
  const slope = atMost(m, m.abs(a), 2 ** 100); // so that an infinite slope at distance 0 has its product
  const steep = m.gt(slope, one);
  const product = m.mul(distance, slope);
  const height = atMost(m, m.select(steep, product, distance), pick(m, NONE));
  const inner = integral(m, height, m.select(steep, m.div(one, slope), slope));
  const [first, second] = [ndtr(m, m.neg(distance)), ndtr(m, m.neg(product))];
  const tails = m.sub(m.mul(half, m.add(first, second)), m.mul(first, second));
  return m.copysign(m.select(steep, m.sub(tails, inner), inner), a);
}
