import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { positive } from "./constraints.js";
import { Gamma } from "./gamma.js";
import { GammaLaw } from "./gammaLaw.js";
import { check } from "./parameters.js";

/**
 * Chi-squared distribution: the sum of the squares of `df` standard normal numbers.
 *
 *     log p(x) = (df / 2 - 1) log x - x / 2 - (df / 2) log 2 - log Γ(df / 2),  x >= 0
 *
 * It is the gamma distribution of concentration df / 2 and rate 1 / 2.
 *
 * @param df  degrees of freedom, > 0, not only whole; the mean
 * @shape  batch = df's; event = []
 * @throws CredenceError `domain`: a known df is not > 0 or infinite
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 18
 */
export class Chi2 extends GammaLaw {
  readonly name = "Chi2";
  readonly df: Tensor;

  constructor(params: { readonly df: TensorLike }) {
    const given = check("Chi2", params, { df: positive });
    super("Chi2", given, { concentration: given.df.mul(0.5), rate: tensor(0.5) });
    this.df = given.df;
  }

  override get asGeneral() {
    return new Gamma({ concentration: this.concentration, rate: this.rate });
  }
}
