// credence: training of the spiral mixture density network.
import { compile, key, tensor, valueAndGrad } from "credence";
import { adam, dense, mixtureDensity, sequential } from "credence/nn";
import { batches, computed, spiral, uniform } from "../data.mjs";
import { mdn } from "../networks.mjs";

/** @param sizes.width  units of both hidden layers */
export function makeJob({ batch = mdn.batch, width = mdn.width } = {}) {
  const { components } = mdn;
  const hidden = [width, width].map((units) => dense(units, "relu"));
  const net = sequential(...hidden, mixtureDensity({ components }));
  const optimizer = adam({ epsilon: 1e-7 });
  const lossOf = (params, x, y) => net.apply(params, x).logProb(y).mean().neg();
  const step = compile(
    function mdnStep({ params, moments }, rows, rate, allX, allY) {
      const [loss, gradient] = valueAndGrad(lossOf)(params, allX.gather(rows), allY.gather(rows));
      const next = optimizer.update(gradient, moments, params, rate);
      return { state: { params: next.params, moments: next.state }, loss };
    },
    { donate: [0] },
  );

  const u = uniform(3);
  const points = spiral();
  const n = points.x.length;
  const x = tensor(points.x, { shape: [n, 1] });
  const y = tensor(points.y);
  const rate = tensor(Float32Array.of(1e-3), { shape: [] });
  const params = computed(net.init(key(1), 1).params);
  let state = { params, moments: optimizer.init(params) };

  const train = (rows) => {
    const result = step(state, tensor(rows), rate, x, y);
    state = result.state;
    return result.loss.item();
  };
  const epoch = () => {
    const all = batches(n, batch, u);
    const total = all.reduce((sum, rows) => sum + train(rows), 0);
    return [total / all.length, all.length];
  };
  return { epoch, trainOnce: () => train(batches(n, batch, u)[0]), plan: step.plan };
}
