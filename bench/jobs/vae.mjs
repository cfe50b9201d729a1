// credence: training of the dense variational autoencoder, as a plain graph.
import { compile, foldIn, key, normal, split, tensor, valueAndGrad } from "credence";
import { adam, dense, sequential } from "credence/nn";
import { batches, binary, computed, uniform } from "../data.mjs";
import { vae } from "../networks.mjs";

export function makeJob({ batch = vae.batch } = {}) {
  const { pixels, code, encoder, heads, decoder } = vae;
  const relu = ([, units]) => dense(units, "relu");
  const linear = ([, units]) => dense(units);
  const nets = {
    encoder: sequential(...encoder.map(relu)),
    mean: linear(heads[0]),
    logVariance: linear(heads[1]),
    decoder: sequential(...decoder.slice(0, -1).map(relu), linear(decoder.at(-1))),
  };
  const inputs = { encoder: pixels, mean: code, logVariance: code, decoder: code };
  const optimizer = adam({ epsilon: 1e-7 });

  /** Minus the evidence lower bound of a batch, a row. */
  const lossOf = (params, x, noise) => {
    const h = nets.encoder.apply(params.encoder, x);
    const mean = nets.mean.apply(params.mean, h);
    const logVariance = nets.logVariance.apply(params.logVariance, h);
    const drawn = mean.add(logVariance.mul(0.5).exp().mul(noise));
    const logits = nets.decoder.apply(params.decoder, drawn);
    const reconstruction = logits.softplus().sub(logits.mul(x)).sum();
    const divergence = logVariance.add(1).sub(mean.square()).sub(logVariance.exp()).sum().mul(-0.5);
    return reconstruction.add(divergence).div(batch);
  };
  const step = compile(
    function vaeStep({ params, moments }, rows, number, rate, seed, data) {
      const noise = normal(foldIn(seed, number), [batch, code], { dtype: "float32" });
      const [loss, gradient] = valueAndGrad(lossOf)(params, data.gather(rows), noise);
      const next = optimizer.update(gradient, moments, params, rate);
      return { state: { params: next.params, moments: next.state }, loss };
    },
    { donate: [0] },
  );

  const u = uniform(3);
  const numbers = binary();
  const n = numbers.length / pixels;
  const data = tensor(numbers, { shape: [n, pixels] });
  const rate = tensor(Float32Array.of(1e-3), { shape: [] });
  const [seed, ...keys] = split(key(1), 5);
  const names = Object.keys(nets);
  const params = computed(
    Object.fromEntries(names.map((name, i) => [name, nets[name].init(keys[i], inputs[name]).params])),
  );
  let state = { params, moments: optimizer.init(params) };
  let steps = 0;

  const train = (rows) => {
    const number = tensor(Int32Array.of(steps++), { shape: [] });
    const result = step(state, tensor(rows), number, rate, seed, data);
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
