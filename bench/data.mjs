// The training jobs' data and first weights, the same for every JavaScript program.

/** Deterministic uniform numbers in [0, 1). @source Tommy Ettinger's mulberry32, public domain */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers. */
export const gaussian = (u) => () => Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u());

/** A noisy spiral of two turns, scaled to [0, 5]: 8,500 points as columns x and y. */
export function spiral(n = 8500, seed = 1) {
  const u = uniform(seed);
  const noise = gaussian(u);
  const points = Array.from({ length: n }, () => {
    const angle = u() * 4 * Math.PI;
    return [angle * Math.cos(angle) + 0.2 * noise(), angle * Math.sin(angle) + 0.2 * noise()];
  });
  const all = points.flat();
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  const column = (i) => Float32Array.from(points, (point) => (5 * (point[i] - low)) / (high - low));
  return { x: column(0), y: column(1) };
}

/** `n` random vectors of zeros and ones, row after row. */
export function binary(n = 3974, width = 224, seed = 2) {
  const u = uniform(seed);
  return Float32Array.from({ length: n * width }, () => (u() > 0.5 ? 1 : 0));
}

/** The row numbers 0..n-1 in random order, cut into whole batches; rows that are left over wait for another epoch. */
export function batches(n, size, u) {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(u() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return Array.from({ length: Math.floor(n / size) }, (_, b) => order.slice(b * size, (b + 1) * size));
}

/** A tree of tensors whose numbers are there, so that the first step does not wait for them. */
export function computed(tree) {
  if (typeof tree?.data === "function") tree.data();
  else Object.values(tree).forEach(computed);
  return tree;
}

/** Glorot's uniform weights, row-major [inputs, outputs]. */
export function glorot(inputs, outputs, u) {
  const most = Math.sqrt(6 / (inputs + outputs));
  return Float32Array.from({ length: inputs * outputs }, () => (u() * 2 - 1) * most);
}
