import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { liveProgress, type MemberProgress, type ProgressState, progressLine } from "../src/progress.js";

const member = (part: Partial<MemberProgress> = {}): MemberProgress => ({
  epoch: 84,
  epochs: 300,
  loss: 2.1131,
  validationLoss: 2.14,
  done: false,
  ...part,
});
const state: ProgressState = { members: [member()], seconds: 0.35 };
const plain = (given: ProgressState, width: number) => progressLine(given, width, false).replaceAll("\u00a0", " ");
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are control characters
const stripped = (line: string) => line.replace(/\x1b\[\d+m/g, "");

describe("progressLine", () => {
  test("tells all where there is room", () => {
    expect(plain(state, 100)).toBe("  epoch  84/300  ████░░░░░░░░░░░░  loss 2.113  validation 2.140  0.9 s left");
  });

  test("drops the bar, the time, the loss and the validation loss, in this order, as the terminal narrows", () => {
    expect([70, 60, 50, 40, 20, 10].map((width) => plain(state, width))).toEqual([
      "  epoch  84/300  ██░░░░░░  loss 2.113  validation 2.140  0.9 s left",
      "  epoch  84/300  loss 2.113  validation 2.140  0.9 s left",
      "  epoch  84/300  loss 2.113  validation 2.140",
      "  epoch  84/300  validation 2.140",
      "  epoch  84/300",
      "epoch  84",
    ]);
  });

  test("names the first unfinished member and measures all of them", () => {
    const members = [member({ done: true, epoch: 120 }), member({ epoch: 150 }), member({ epoch: 0 })];
    expect(plain({ members, seconds: 10 }, 100)).toBe(
      "  member 2/3  epoch 150/300  ████████░░░░░░░░  loss 2.113  validation 2.140  10 s left",
    );
  });

  test("leaves out what is not known yet", () => {
    const before: MemberProgress = { epoch: 0, epochs: 20, done: false };
    expect(plain({ members: [before], seconds: 0 }, 100)).toBe("  epoch  0/20  ░░░░░░░░░░░░░░░░");
  });

  test("shows a loss that is not finite, but no validation loss where there is none", () => {
    const broken = { members: [member({ loss: Number.NaN, validationLoss: Number.NaN, epoch: 150 })], seconds: 10 };
    expect(plain(broken, 100)).toBe("  epoch 150/300  ████████░░░░░░░░  loss NaN  10 s left");
  });

  test("stays on the last member, without a time, once all are done", () => {
    const members = [member({ done: true }), member({ done: true, epoch: 99 })];
    expect(plain({ members, seconds: 3 }, 100)).toBe(
      "  member 2/2  epoch  99/300  ████████████████  loss 2.113  validation 2.140",
    );
  });

  test("speaks of minutes and hours when it must", () => {
    const long = { members: [member({ epoch: 150 })], seconds: 200 };
    expect(plain(long, 100)).toContain("3 min 20 s left");
    expect(plain({ ...long, seconds: 7500 }, 100)).toContain("2 h 5 min left");
  });

  test("colours change nothing but the colour", () => {
    expect(progressLine(state, 100, true)).not.toBe(progressLine(state, 100, false));
    expect(stripped(progressLine(state, 100, true))).toBe(progressLine(state, 100, false));
  });

  test("never reaches the last column, whatever the numbers", () => {
    const loss = fc.option(fc.double(), { nil: undefined });
    const anyMember = fc
      .record({ epoch: fc.nat(1e6), epochs: fc.nat(1e6), loss, validationLoss: loss, done: fc.boolean() })
      .map(
        ({ loss, validationLoss, ...rest }): MemberProgress => ({
          ...rest,
          ...(loss === undefined ? {} : { loss }),
          ...(validationLoss === undefined ? {} : { validationLoss }),
        }),
      );
    fc.assert(
      fc.property(fc.array(anyMember, { maxLength: 6 }), fc.nat(1e6), fc.nat(200), (members, seconds, width) => {
        expect(stripped(progressLine({ members, seconds }, width, true)).length).toBeLessThanOrEqual(
          Math.max(0, width - 1),
        );
      }),
    );
  });
});

describe("liveProgress", () => {
  function terminal(part: { isTTY?: boolean; columns?: number } = { isTTY: true, columns: 100 }) {
    const written: string[] = [];
    return { ...part, written, write: (text: string) => written.push(text) };
  }

  test("draws on a terminal and wipes the line at the end, once", () => {
    const stream = terminal();
    const progress = liveProgress(stream, { env: {}, now: () => 0 });
    progress.update(state);
    progress.finish();
    progress.finish();
    expect(stream.written).toHaveLength(2);
    expect(stream.written[0]).toMatch(/^\r {2}epoch {2}84\/300/);
    expect(stream.written[1]).toBe("\r\x1b[K");
  });

  test("redraws at most ten times a second", () => {
    const stream = terminal();
    let clock = 0;
    const progress = liveProgress(stream, { env: {}, now: () => clock });
    for (clock = 0; clock < 1000; clock += 7) progress.update(state);
    expect(stream.written.length).toBeLessThanOrEqual(10);
    expect(stream.written.length).toBeGreaterThan(8);
  });

  test("follows the terminal's width", () => {
    const stream = terminal({ isTTY: true, columns: 20 });
    liveProgress(stream, { env: { NO_COLOR: "1" }, now: () => 0 }).update(state);
    expect(stream.written).toEqual(["\r  epoch  84/300\x1b[K"]);
  });

  test("takes 80 columns where the terminal does not tell its width", () => {
    const stream = terminal({ isTTY: true, columns: 0 });
    liveProgress(stream, { env: { NO_COLOR: "1" } }).update(state);
    expect(stream.written).toEqual([`\r${progressLine(state, 80, false)}\x1b[K`]);
  });

  test("honours NO_COLOR", () => {
    const [coloured, plainly] = [terminal(), terminal()];
    liveProgress(coloured, { env: { NO_COLOR: "" } }).update(state);
    liveProgress(plainly, { env: { NO_COLOR: "1" } }).update(state);
    expect(coloured.written[0]).toContain("\x1b[1m");
    expect(plainly.written[0]).not.toContain("\x1b[1m");
  });

  test.each([
    ["a pipe", terminal({}), {}],
    ["a terminal that cannot redraw", terminal(), { TERM: "dumb" }],
  ])("is silent on %s", (_, stream, env) => {
    const progress = liveProgress(stream, { env });
    progress.update(state);
    progress.finish();
    expect(stream.written).toEqual([]);
  });
});
