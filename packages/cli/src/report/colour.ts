import type { Rgba } from "./png.js";

/**
 * Colour ramps for densities, one for each background. Lightness runs evenly from the background's to the far end, and the
 * first steps fade in, so that no density at all is the page itself.
 */
export const ramps = {
  light: ["#f4f9fb", "#b9dfe6", "#6db6cf", "#3782b5", "#30509b", "#2a2266"],
  dark: ["#161b22", "#1f3558", "#25609b", "#2f94bd", "#7ecdc6", "#f2fadf"],
} as const;

/** `steps` colours along the stops, evenly in Oklab, so that equal steps look equal; the first is transparent. */
export function palette(stops: readonly string[], steps: number): Rgba[] {
  const labs = stops.map(toOklab);
  return Array.from({ length: steps }, (_, i): Rgba => {
    const at = (i / (steps - 1)) * (labs.length - 1);
    const from = Math.min(Math.floor(at), labs.length - 2);
    const [l, a, b] = mix(labs[from] as Triple, labs[from + 1] as Triple, at - from);
    const opacity = Math.min(255, Math.round((i / (steps * FADE)) * 255));
    return [...fromOklab([l, a, b]), opacity];
  });
}

/** The ramp as a CSS gradient, for a legend. */
export function cssGradient(stops: readonly string[]): string {
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** Share of the ramp that fades in. */
const FADE = 0.06;

type Triple = readonly [number, number, number];

function mix(from: Triple, to: Triple, share: number): Triple {
  const at = (k: 0 | 1 | 2) => from[k] + share * (to[k] - from[k]);
  return [at(0), at(1), at(2)];
}

/** @source Björn Ottosson, A perceptual color space for image processing (2020) */
function toOklab(hex: string): Triple {
  const n = Number.parseInt(hex.slice(1), 16);
  const [r, g, b] = [toLinear(n >> 16), toLinear((n >> 8) & 255), toLinear(n & 255)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** One sRGB channel, 0 to 255, as linear light in [0, 1]. */
function toLinear(channel: number): number {
  const s = channel / 255;
  return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
}

function fromLinear(light: number): number {
  const s = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.max(0, Math.min(255, Math.round(s * 255)));
}
