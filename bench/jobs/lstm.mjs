// credence: training of an LSTM, its time steps one `scan`.
import { compile, matmul, scan, tensor, valueAndGrad } from "credence";
import { adam } from "credence/nn";
import { gaussian, uniform } from "../data.mjs";
import { lstm } from "../networks.mjs";

export function makeJob({ steps = lstm.steps } = {}) {
  const { units, inputs, batch, batches } = lstm;
  const optimizer = adam({ epsilon: 1e-7 });

  /** @param x  [steps, batch, inputs] */
  const lastOutput = ({ input, recurrent, bias }, x) => {
    const gate = (gates, i) => gates.slice(1, i * units, (i + 1) * units);
    const zero = tensor(new Float32Array(batch * units), { shape: [batch, units] });
    const [{ h }] = scan(
      ({ h, c }, x) => {
        const gates = matmul(x, input).add(matmul(h, recurrent)).add(bias);
        const kept = gate(gates, 1).sigmoid().mul(c);
        const next = kept.add(gate(gates, 0).sigmoid().mul(gate(gates, 2).tanh()));
        return [{ h: gate(gates, 3).sigmoid().mul(next.tanh()), c: next }, {}];
      },
      { h: zero, c: zero },
      x,
    );
    return h;
  };
  const lossOf = (params, x, target) => lastOutput(params, x).sub(target).square().mean();
  const step = compile(
    function lstmStep({ params, moments }, row, rate, allX, allTargets) {
      const x = allX.gather(row).reshape([steps, batch, inputs]);
      const target = allTargets.gather(row).reshape([batch, units]);
      const [loss, gradient] = valueAndGrad(lossOf)(params, x, target);
      const next = optimizer.update(gradient, moments, params, rate);
      return { state: { params: next.params, moments: next.state }, loss };
    },
    { donate: [0] },
  );

  const u = uniform(3);
  const z = gaussian(u);
  const numbers = (shape, next) =>
    tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, next), { shape });
  const bound = 1 / Math.sqrt(units);
  const weights = (shape) => numbers(shape, () => (2 * u() - 1) * bound);
  const params = {
    input: weights([inputs, 4 * units]),
    recurrent: weights([units, 4 * units]),
    bias: numbers([4 * units], () => (2 * u() - 1) * bound + (2 * u() - 1) * bound),
  };
  const x = numbers([batches, steps, batch, inputs], z);
  const mixing = numbers([inputs, units], () => z() / Math.sqrt(inputs));
  const last = x.slice(1, -1).reshape([batches * batch, inputs]);
  const targets = tensor(matmul(last, mixing).tanh().data(), { shape: [batches, batch, units] });
  const rate = tensor(Float32Array.of(1e-3), { shape: [] });
  let state = { params, moments: optimizer.init(params) };

  const train = (b) => {
    const result = step(state, tensor(Int32Array.of(b)), rate, x, targets);
    state = result.state;
    return result.loss.item();
  };
  const epoch = () => {
    const all = Array.from({ length: batches }, (_, b) => train(b));
    return [all.reduce((sum, loss) => sum + loss) / batches, batches];
  };
  return { epoch, trainOnce: () => train(0), plan: step.plan };
}
