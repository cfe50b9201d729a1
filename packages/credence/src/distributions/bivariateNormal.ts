import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { normal, split } from "../random/index.js";
import { stack } from "../tensor/derived.js";
import { correlation, each, positive, real } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

const LOG_TWO_PI = Math.log(2 * Math.PI);
const plane = each(real, 1);

/**
 * Normal distribution of points in the plane, by its means, standard deviations and correlation.
 *
 *     log p(x, y) = -(u² + v²) / 2 - log(2π sx sy √(1 - rho²)),
 *     u = (x - mux) / sx,  v = ((y - muy) / sy - rho u) / √(1 - rho²)
 *
 * A density may exceed 1, so -log p may be below 0, the further the smaller the scales: not a fault.
 *
 * @param mux  mean of x
 * @param muy  mean of y
 * @param sx   standard deviation of x, > 0
 * @param sy   standard deviation of y, > 0
 * @param rho  correlation, between -1 and 1
 * @shape  batch = broadcast(all); event = [2]
 * @throws CredenceError `domain`: a known parameter is outside; `shape`: they do not broadcast
 * @source Graves, Generating sequences with recurrent neural networks (2013), equations 24 and 25; the sum of two squares is theirs
 *   without the difference that cancels at |rho| near 1
 */
export class BivariateNormal extends Distribution {
  readonly name = "BivariateNormal";
  readonly support = plane;
  readonly reparameterized = true;
  readonly mux: Tensor;
  readonly muy: Tensor;
  readonly sx: Tensor;
  readonly sy: Tensor;
  readonly rho: Tensor;

  constructor(params: {
    readonly mux: TensorLike;
    readonly muy: TensorLike;
    readonly sx: TensorLike;
    readonly sy: TensorLike;
    readonly rho: TensorLike;
  }) {
    const checked = check("BivariateNormal", params, {
      mux: real,
      muy: real,
      sx: positive,
      sy: positive,
      rho: correlation,
    });
    super({ ...scalars("BivariateNormal", checked), event: [2] });
    this.mux = checked.mux;
    this.muy = checked.muy;
    this.sx = checked.sx;
    this.sy = checked.sy;
    this.rho = checked.rho;
  }

  override logProb(points: TensorLike): Tensor {
    const value = this.value("logProb", points);
    const at = (i: number): Tensor => value.slice(-1, i, i + 1).squeeze(-1);
    const u = at(0).sub(this.mux).div(this.sx);
    const rest = this.unexplained().sqrt();
    const v = at(1).sub(this.muy).div(this.sy).sub(this.rho.mul(u)).div(rest);
    // x · (x / 2) reaches further than x² / 2 before it overflows
    return u
      .mul(u.mul(-0.5))
      .sub(v.mul(v.mul(0.5)))
      .sub(this.logVolume());
  }

  override mean(): Tensor {
    return this.pair(this.mux, this.muy);
  }

  override mode(): Tensor {
    return this.mean();
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.pair(this.sx, this.sy);
  }

  override entropy(): Tensor {
    return this.logVolume().add(1).broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const [first, second] = split(key).map((k) => normal(k, [...shape, ...this.batchShape], { dtype })) as [
      Tensor,
      Tensor,
    ];
    const x = this.mux.add(this.sx.mul(first));
    const y = this.muy.add(this.sy.mul(this.rho.mul(first).add(this.unexplained().sqrt().mul(second))));
    return stack([x, y], -1);
  }

  /** 1 - rho², the share of the variance of y that x does not explain. */
  private unexplained(): Tensor {
    return this.rho.neg().add(1).mul(this.rho.add(1));
  }

  private logVolume(): Tensor {
    return this.sx.log().add(this.sy.log()).add(this.unexplained().log().mul(0.5)).add(LOG_TWO_PI);
  }

  private pair(x: Tensor, y: Tensor): Tensor {
    return stack([x.broadcastTo(this.batchShape), y.broadcastTo(this.batchShape)], -1);
  }
}
