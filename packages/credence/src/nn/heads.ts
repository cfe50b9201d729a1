import { fail } from "../errors.js";

/** What the options of all heads must satisfy. */

export function checkCount(head: string, option: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    fail({ code: "argument", given: `${head}: ${option} is ${count}`, allowed: "a whole number of at least 1" });
  }
}

/** Refuses smallest scales that are negative or infinite, or neither one nor one a target. */
export function checkFloor(head: string, floor: number | readonly number[], outputs: number): void {
  const floors = typeof floor === "number" ? [floor] : floor;
  const inRange = floors.every((f) => f >= 0 && f < Number.POSITIVE_INFINITY);
  if (!inRange || (floors.length !== 1 && floors.length !== outputs)) {
    fail({
      code: "argument",
      given: `${head}: floor is ${floors.length === 0 ? "an empty list" : floors.join(", ")}`,
      allowed: `a finite number of at least 0, or ${outputs} of them`,
    });
  }
}
