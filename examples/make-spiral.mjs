// Writes spiral.csv, the same bytes every time: node examples/make-spiral.mjs
//
// An Archimedean spiral of two turns with noise: angle ~ U(0, 4 pi), radius = angle,
// (x, y) = (radius cos angle, radius sin angle) + N(0, 0.2^2) each. One common scale for both columns maps the smallest
// coordinate to 0 and the largest to 5, so that the spiral stays round. For one x there are up to five different y.
import { writeFileSync } from "node:fs";

const ROWS = 10_000;
const NOISE = 0.2;
const SEED = 4;
const DECIMALS = 5; // some six significant digits; the scaled noise is 0.04

const uniform = randomNumbers(SEED);
const points = Array.from({ length: ROWS }, () => {
  const angle = 4 * Math.PI * uniform();
  const [dx, dy] = normalPair(uniform);
  return [angle * Math.cos(angle) + NOISE * dx, angle * Math.sin(angle) + NOISE * dy];
});

const coordinates = points.flat();
const low = coordinates.reduce((a, b) => Math.min(a, b));
const high = coordinates.reduce((a, b) => Math.max(a, b));
const scaled = (value) => ((5 * (value - low)) / (high - low)).toFixed(DECIMALS);

const lines = points.map(([x, y]) => `${scaled(x)},${scaled(y)}\n`);
writeFileSync(new URL("spiral.csv", import.meta.url), `x,y\n${lines.join("")}`);

/** Uniform numbers in (0, 1): a 32-bit Weyl sequence, mixed. Source: the finaliser of MurmurHash3 (Appleby, 2011). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let bits = state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    bits ^= bits >>> 16;
    return ((bits >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Two independent standard normals. Source: Box and Muller (1958). */
function normalPair(next) {
  const radius = Math.sqrt(-2 * Math.log(next()));
  const angle = 2 * Math.PI * next();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
