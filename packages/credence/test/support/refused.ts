import { expect } from "vitest";
import { CredenceError, type ErrorCode } from "../../src/errors.js";

/** An error's message with the file alone for its place, since line numbers move. */
export const worded = (message: string): string => message.replace(/^( {2}at: {6}).*?([^/\\]+):\d+:\d+$/m, "$1$2");

/** The message of the `CredenceError` that `run` must end in; anything else fails the test. */
export async function refused(code: ErrorCode, run: () => unknown): Promise<string> {
  let answer: unknown;
  try {
    answer = await run();
  } catch (error) {
    expect(error).toBeInstanceOf(CredenceError);
    expect((error as CredenceError).code).toBe(code);
    return worded((error as CredenceError).message);
  }
  return expect.fail(`accepted, with the answer ${String(answer)}`);
}

/** The same of a function that throws at once. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CredenceError) return worded(error.message);
    throw error;
  }
  return expect.fail("nothing was refused");
}
