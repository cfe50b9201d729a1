import { type Machine, polynomial } from "../machine.js";
import { expParts } from "./exp.js";
import { atMost, pick } from "./sums.js";

/** erf(x) / x - 1 in x², up to 1: minimax.py, "erf". */
const NEAR = {
  float32: [
    0.12837916612625122, -0.3761262893676758, 0.11283618211746216, -0.02685512602329254, 0.005190733820199966,
    -0.0008030762546695769, 7.920381176518276e-5,
  ],
  float64: [
    0.1283791670955126, -0.3761263890318411, 0.11283791670972065, -0.026866170648281413, 0.005223977655689895,
    -0.0008548328735624802, 0.00012055394343858012, -1.492709518687913e-5, 1.6484735460733735e-6,
    -1.6598393680532226e-7, 1.6304202006629872e-8, -1.7634949436787962e-9, 1.639087008150346e-10,
  ],
};

/** log(erfc(x)) from 1 to where erf rounds to 1: minimax.py, "erf far". */
const FAR = {
  float32: [
    -0.00035381983616389334, -1.1270395517349243, -0.6382266283035278, -0.10303639620542526, 0.021804772317409515,
    -0.00293944776058197, 0.00018555506539996713,
  ],
  float64: [
    -1.064013999379845e-8, -1.1283790978443264, -0.6366198295288437, -0.10277361105505814, 0.019134067356304883,
    0.000192693101439795, -0.0016631836769223501, 0.0005410114111340586, 3.0726175483105366e-5, -0.000116170275469488,
    6.744887685484558e-5, -2.5363225801590138e-5, 7.135049732347461e-6, -1.5603371853083357e-6, 2.665265533304423e-7,
    -3.505830003284495e-8, 3.438293787444914e-9, -2.3704046704906006e-10, 1.0252350939342612e-11,
    -2.0928167075977643e-13,
  ],
};

/** The error function: an odd polynomial up to 1, beyond it 1 - exp(a polynomial for log(erfc)). */
export function erf<V>(m: Machine<V>, x: V): V {
  const one = m.num(1);
  const size = m.abs(x);
  const square = m.mul(x, x);
  const near = m.add(size, m.mul(size, polynomial(m, square, pick(m, NEAR))));
  const bounded = atMost(m, size, pick(m, { float32: 4, float64: 6 }));
  const { power, head, rest } = expParts(m, polynomial(m, bounded, pick(m, FAR)));
  const far = m.sub(one, m.mul(m.add(one, m.add(head, rest)), m.pow2(power)));
  return m.copysign(m.select(m.lt(size, one), near, far), x);
}
