import { BivariateNormal } from "./bivariateNormal.js";
import { Categorical } from "./categorical.js";
import { Cauchy } from "./cauchy.js";
import { Exponential } from "./exponential.js";
import { Gumbel } from "./gumbel.js";
import { HalfCauchy } from "./halfCauchy.js";
import { HalfNormal } from "./halfNormal.js";
import { Laplace } from "./laplace.js";
import { Logistic } from "./logistic.js";
import { Normal } from "./normal.js";
import { Uniform } from "./uniform.js";

/** The families whose constructor takes parameters by name: what `fromJSON` can make without further knowledge. */
export const families = {
  BivariateNormal,
  Categorical,
  Cauchy,
  Exponential,
  Gumbel,
  HalfCauchy,
  HalfNormal,
  Laplace,
  Logistic,
  Normal,
  Uniform,
} as const;
