import { type Machine, polynomial } from "../machine.js";
import { expParts } from "./exp.js";
import { atMost, pick } from "./sums.js";

/** erf(x) / x - 1 in x², up to 1: minimax.py, "erf". */
const NEAR = {
  float32: [
    0.12837916612625122, -0.3761262893676758, 0.11283618211746216, -0.02685512788593769, 0.005190740805119276,
    -0.0008030847529880702, 7.920718053355813e-5,
  ],
  float64: [
    0.1283791670955126, -0.3761263890318411, 0.11283791670972065, -0.02686617064828185, 0.005223977655705251,
    -0.0008548328737260788, 0.00012055394429873808, -1.4927097813573997e-5, 1.6484785252181018e-6, -1.65989884479349e-7,
    1.6308551452658205e-8, -1.765268223566126e-9, 1.6421627868030558e-10,
  ],
};

/** log(erfc(x)) from 1 to where erf rounds to 1: minimax.py, "erf far". */
const FAR = {
  float32: [
    -0.00035376218147575855, -1.1270397901535034, -0.6382262110710144, -0.1030367910861969, 0.02180498279631138,
    -0.0029395066667348146, 0.00018556175928097218,
  ],
  float64: [
    -1.0418108021950858e-8, -1.1283791002135566, -0.6366198176915329, -0.10277364785696956, 0.019134147161904792,
    0.00019256486714730803, -0.0016630253637790059, 0.0005408577614527031, 3.084512972477363e-5,
    -0.00011624437860086544, 6.74861728301043e-5, -2.537839048824623e-5, 7.1400104570257925e-6, -1.5616313119968813e-6,
    2.667918619312363e-7, -3.510006992825703e-8, 3.4431638378257633e-9, -2.374362473120436e-10, 1.0272349845531464e-11,
    -2.0975441645951115e-13,
  ],
};

/** erf(x) - x for |x| <= 1. */
export function erfExcess<V>(m: Machine<V>, x: V): V {
  return m.mul(x, polynomial(m, m.mul(x, x), pick(m, NEAR)));
}

/** The error function: an odd polynomial up to 1, beyond it 1 - exp(a polynomial for log(erfc)). */
export function erf<V>(m: Machine<V>, x: V): V {
  const one = m.num(1);
  const size = m.abs(x);
  const near = m.add(size, erfExcess(m, size));
  const bounded = atMost(m, size, pick(m, { float32: 4, float64: 6 })); // erf rounds to 1 there
  const { power, head, rest } = expParts(m, polynomial(m, bounded, pick(m, FAR)));
  const far = m.sub(one, m.mul(m.add(one, m.add(head, rest)), m.pow2(power)));
  return m.copysign(m.select(m.lt(size, one), near, far), x);
}
