// Asks the library what a reference holds the answer to.
import { ALIASES, camel, LAWS, LOSSES, METHODS, PARAMETERS, SPECIAL, VALUES } from "./names.mjs";

/** The library does not have this yet. */
class Missing extends Error {}

/** What the library lacks, if that is what an error says. */
export function missingFrom(error) {
  if (error instanceof Missing) return error.message;
  return error?.code === "missing"
    ? error.message.split("\n")[0].replace(/: there is no formula for this pair|\.$/g, "")
    : undefined;
}

/**
 * @param library  the library's public names, with `special` and `losses` among them
 * @param id       such as "dist/Gamma.log_prob"
 * @param args     tensors by argument name, in order; a batch of cases along the first axis
 * @param options  a loss's own
 * @returns        a tensor of one number a case; what a loss answers by its `reduction`
 * @throws         Missing
 */
export function ask(library, id, args, options = {}) {
  const alias = ALIASES[id];
  if (alias !== undefined) {
    const [other, ...names] = alias;
    const values = Object.values(args);
    return ask(library, other, Object.fromEntries(names.map((name, i) => [name, values[i]])), options);
  }
  const [group, name] = id.split("/");
  const own = OWN[id];
  return own === undefined ? GROUPS[group](library, name, args, options) : own(library, args, options);
}

const GROUPS = {
  special: (library, name, args) =>
    find(library.special, SPECIAL[name] ?? camel(name), "special.")(...Object.values(args)),
  dist: askLaw,
  kl: askDivergence,
  losses: (library, name, args, options) => {
    const isOption = ([key]) => key === "weight" || key === "pos_weight";
    const entries = Object.entries(args);
    const settings = [...entries.filter(isOption), ...Object.entries(options)].map(([key, value]) => [
      camel(key),
      value,
    ]);
    const operands = entries.filter((entry) => !isOption(entry)).map(([, value]) => value);
    return find(library.losses, LOSSES[name] ?? camel(name), "losses.")(...operands, Object.fromEntries(settings));
  },
};

/** What is put together from several calls. */
const OWN = {
  "extreme/log_normal_sf": (library, { z }) => make(library, "Normal", { loc: 0, scale: 1 }).logSurvival(z),
  "extreme/logsumexp": (library, { values }) => find(library.special, "logSumExp", "special.")(values, -1),
  "losses/graves_nll": (library, { pi_hat, mu1, mu2, s1, s2, rho_hat, e_hat, x1, x2, pen }) => {
    const loss = find(library.losses, "bivariateMixtureNll", "losses.");
    const activations = library.concat([e_hat.expandDims(-1), pi_hat, mu1, mu2, s1, s2, rho_hat], -1);
    const strokes = library.stack([x1, x2, pen], -1);
    return loss(activations, strokes, { components: pi_hat.shape.at(-1), pen: "graves", reduction: "none" });
  },
  "losses/mdn_nll": (library, { logits, mu, s, y }, { sigma }) => {
    const normals = make(library, "Normal", { loc: mu, scale: SIGMAS[sigma](library, s) });
    const law = make(library, "MixtureSameFamily", {
      mixture: make(library, "Categorical", { logits }),
      components: new library.Independent(normals, 1),
    });
    return law.logProb(y).neg();
  },
};

const elu = (eps) => (library, s) => library.where(s.gt(0), s.add(1), library.minimum(s, 0).exp()).add(eps);
const SIGMAS = {
  exp: (_, s) => s.exp(),
  softplus: (_, s) => s.softplus(),
  "elu1e-06": elu(1e-6),
  "elu1e-15": elu(1e-15),
};

function find(names, name, prefix = "") {
  const found = names?.[name];
  if (found === undefined) throw new Missing(`${prefix}${name}`);
  return found;
}

function make(library, name, parameters) {
  const Law = find(library, name);
  return new Law(parameters);
}

const lawOf = (library, name, args) => {
  const parameters = Object.fromEntries(
    Object.entries(args).map(([key, value]) => [PARAMETERS[key] ?? camel(key), value]),
  );
  const build = LAWS[name];
  return build === undefined
    ? make(library, name, parameters)
    : build((own, its) => make(library, own, its), parameters);
};

function askLaw(library, name, args) {
  const [lawName, methodName] = name.split(".");
  const method = METHODS[methodName] ?? camel(methodName);
  const entries = Object.entries(args);
  const values = entries.filter(([key]) => VALUES.has(key)).map(([, value]) => value);
  const law = lawOf(library, lawName, Object.fromEntries(entries.filter(([key]) => !VALUES.has(key))));
  if (typeof law[method] !== "function") throw new Missing(`${lawName}.${method}`);
  if (values.length === 0) return law[method]();
  return law[method](values.length === 1 ? values[0] : library.stack(values, -1));
}

/** Arguments "p.loc" and "q.loc" are of one law; those without a prefix of both. */
function askDivergence(library, name, args) {
  const of = (side) =>
    Object.fromEntries(
      Object.entries(args).flatMap(([key, value]) => {
        const parts = key.split(".");
        if (parts.length === 1) return [[key, value]];
        return parts[0] === side ? [[parts[1], value]] : [];
      }),
    );
  const [p, q] = name.split("_");
  return find(library, "klDivergence")(lawOf(library, p, of("p")), lawOf(library, q, of("q")));
}
