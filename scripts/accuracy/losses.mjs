// Losses: values of any shape and gradients, case by case.
import { ask, missingFrom } from "./calls.mjs";
import { parseNumber } from "./decimal.mjs";
import { toTensor } from "./evaluate.mjs";

/** PyTorch's own clamping and its NaN of nothing: asked for by `compat`. */
const FAULTS = new Set(["clamp", "grad-eps", "all-ignored"]);

/** Numbers are compared relative to themselves and this much of the largest beside them, whose rounding they share. */
const SHARED = 0.01;

/** Gradients that are differences of probabilities: next to 0 the references, of float64 themselves, have the rounding of numbers near 1. */
const DIFFERENCES = {
  "losses/mdn_nll": "logits",
  "losses/graves_nll": "pi_hat",
  "losses/cross_entropy": "input",
  "losses/binary_cross_entropy_with_logits": "input",
  "losses/vae_kl_standard": "logvar",
  "losses/vae_kl_diag_prior": "logvar",
};

/** Values that the references, of float64 themselves, take as a difference of numbers of the size of 1: next to 0 ours have more digits. */
const NEAR_ZERO = new Set([
  "losses/vae_kl_standard",

  "losses/binary_cross_entropy",
  "losses/binary_cross_entropy_with_logits",
  "losses/cross_entropy",
]);

const shapeOf = (value) => (Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : []);
const flat = (value) => (Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value]).map(parseNumber);

export function evaluateLoss(library, { id, precision, cases }) {
  const got = [];
  for (const one of cases) {
    try {
      got.push(compareCase(library, id, one, precision));
    } catch (error) {
      const missing = missingFrom(error);
      if (missing !== undefined) return { missing };
      got.push(error);
    }
  }
  return { got };
}

/** The worst of a case's numbers, the gradients' among them, in units of 2^-52 of each. */
function compareCase(library, id, { args, options, expected, grads, tag }, precision) {
  const tensors = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      name === "labels"
        ? library.tensor(Int32Array.from(value))
        : toTensor(library, [value], shapeOf(value), precision),
    ]),
  );
  const settings = { reduction: "none", ...options, ...(FAULTS.has(tag) ? { compat: "torch" } : {}) };
  const lossOf = (some) => ask(library, id, { ...tensors, ...some }, settings);
  const wanted = Object.fromEntries(Object.keys(grads).map((name) => [name, tensors[name]]));
  const gradients = library.grad((some) => lossOf(some).sum())(wanted);
  const parts = [
    ["value", lossOf({}), expected, NEAR_ZERO.has(id) ? 1 : 0],
    ...Object.entries(grads).map(([name, values]) => {
      return [`gradient of ${name}`, gradients[name], values, DIFFERENCES[id] === name ? 1 : 0];
    }),
  ].flatMap(([name, tensor, values, scale]) => compareAll(name, [...tensor.data()], flat(values), scale));
  return parts.reduce((worst, part) => (part.wrong || part.error > worst.error ? part : worst));
}

function compareAll(name, got, expected, scale) {
  if (got.length !== expected.length) {
    return [{ name, got: got.length, expected: expected.length, wrong: true, error: Number.NaN }];
  }
  const largest = Math.max(scale, ...expected.map(Math.abs).filter(Number.isFinite));
  return expected.map((is, i) => {
    const part = { name, got: got[i], expected: is };
    if (Object.is(got[i] + 0, is + 0)) return { ...part, wrong: false, error: 0 };
    if (!Number.isFinite(got[i]) || !Number.isFinite(is)) return { ...part, wrong: true, error: Number.NaN };
    const unit = 2 ** -52 * (Math.abs(is) + SHARED * largest) + Number.MIN_VALUE;
    return { ...part, wrong: false, error: Math.abs(got[i] - is) / unit };
  });
}
