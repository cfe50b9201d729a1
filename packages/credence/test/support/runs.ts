/**
 * How often a property is tried, and from which seed: fixed, so that a failure is everybody's.
 *
 * For a longer search: `FUZZ=50 FUZZ_SEED=7 npx vitest run packages/credence/test/compiler` tries 50 times as many.
 */
export function runs(numRuns: number): { numRuns: number; seed: number } {
  return { numRuns: numRuns * Number(process.env.FUZZ ?? 1), seed: Number(process.env.FUZZ_SEED ?? 20261120) };
}
