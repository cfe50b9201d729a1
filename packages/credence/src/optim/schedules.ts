import { fail } from "../errors.js";
import type { Schedule } from "./optimizer.js";

/** Learning rates as functions of the step number, from 0. */

function checkSteps(name: string, steps: number): void {
  if (!(steps > 0)) fail({ code: "argument", given: `${name}: steps is ${steps}`, allowed: "a number above 0" });
}

export const constant =
  (rate: number): Schedule =>
  () =>
    rate;

/** From `rate` to `final` along half a cosine over `steps`, then `final`. @source Loshchilov and Hutter, SGDR (2017), eq. 5 */
export function cosine({ rate, steps, final = 0 }: { rate: number; steps: number; final?: number }): Schedule {
  checkSteps("cosine", steps);
  return (step) => final + ((rate - final) * (1 + Math.cos(Math.PI * Math.min(1, step / steps)))) / 2;
}

/** rate · decay^(step / steps). */
export function exponential({ rate, decay, steps }: { rate: number; decay: number; steps: number }): Schedule {
  checkSteps("exponential", steps);
  return (step) => rate * decay ** (step / steps);
}

/** Linear from 0 over the first `steps`, then as `after`. */
export function warmup(steps: number, after: Schedule): Schedule {
  checkSteps("warmup", steps);
  return (step) => (step < steps ? (after(steps) * (step + 1)) / steps : after(step));
}

/** `rates[i]` from step `boundaries[i - 1]` up to `boundaries[i]`. */
export function piecewise({
  boundaries,
  rates,
}: {
  boundaries: readonly number[];
  rates: readonly number[];
}): Schedule {
  if (rates.length !== boundaries.length + 1) {
    fail({
      code: "argument",
      given: `piecewise: ${boundaries.length} boundaries, ${rates.length} rates`,
      allowed: "one rate more than boundaries",
    });
  }
  return (step) => rates[boundaries.filter((b) => b <= step).length]!;
}
