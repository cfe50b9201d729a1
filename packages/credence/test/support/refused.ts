import { expect } from "vitest";
import { CredenceError, type ErrorCode } from "../../src/errors.js";

/** The message of the `CredenceError` that `run` must end in; anything else fails the test. */
export async function refused(code: ErrorCode, run: () => unknown): Promise<string> {
  let answer: unknown;
  try {
    answer = await run();
  } catch (error) {
    expect(error).toBeInstanceOf(CredenceError);
    expect((error as CredenceError).code).toBe(code);
    return (error as CredenceError).message;
  }
  return expect.fail(`accepted, with the answer ${String(answer)}`);
}
