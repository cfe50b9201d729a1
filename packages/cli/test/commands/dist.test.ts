import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { credence, emptyFolder, filesUnder } from "./support.js";

async function tells(words: readonly string[], cwd = emptyFolder()): Promise<string> {
  const { code, stdout, stderr } = await credence(["dist", ...words], { cwd });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
  return stdout;
}

describe.concurrent("dist", () => {
  test("tells moments, densities, tails and quantiles", async () => {
    const text = await tells(["exponential(2)", "--x", "-1,0.5", "--quantile", "0,0.5"]);
    expect(text).toMatch(/^exponential\(2\), on finite numbers >= 0\n {2}mean {16}0\.5\n/);
    expect(text).toMatch(/ {2}0\.5 +0\.7357588823 +-0\.3068528194 +0\.6321205588 /);
    expect(text).toMatch(/ {3}-1 +0 +-infinite +0 +-infinite +1 +0\n/);
    expect(text).toContain("quantile 0.5        0.3465735903\n");
  });

  test("says what a law has not", async () => {
    const text = await tells(["cauchy(0, 1)"]);
    expect(text).toContain("mean                none\n");
    expect(text).not.toContain("undefined");
  });

  test("as JSON, with all digits and infinities as text", async () => {
    const found = JSON.parse(
      await tells(["halfCauchy(1)", "--x", "-1", "--quantile", "0.5", "--sample", "3", "--json"]),
    );
    expect(found).toMatchObject({
      distribution: "HalfCauchy",
      parameters: { scale: 1 },
      mean: "Infinity",
      median: expect.closeTo(1, 15),
      at: [{ x: -1, density: 0, logDensity: "-Infinity", cdf: 0, survival: 1 }],
      quantiles: [{ p: 0.5, x: expect.closeTo(1, 15) }],
    });
    expect(found.samples).toHaveLength(3);
  });

  test("draws alone on stdout, the same for a seed", async () => {
    const [one, again, other] = await Promise.all(
      ["1", "1", "2"].map((seed) => tells(["normal(5, 1)", "--sample", "200", "--seed", seed])),
    );
    const draws = (one as string).trim().split("\n").map(Number);
    expect(draws).toHaveLength(200);
    expect(draws.reduce((sum, x) => sum + x, 0) / 200).toBeCloseTo(5, 0); // 14 standard errors
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  test("draws a picture that stands alone", async () => {
    const cwd = emptyFolder();
    for (const law of ["beta(0.5, 0.5)", "categorical([0.2, 0.8])", "cauchy(0, 1)", "uniform(3, 3)"]) {
      await tells([law, "--plot", "out.svg"], cwd);
      expect(filesUnder(cwd)).toEqual(["out.svg"]);
      const svg = readFileSync(path.join(cwd, "out.svg"), "utf8");
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(svg).toContain(`>${law}</text>`);
      expect(svg).toContain("distribution function");
      expect(svg).not.toMatch(/NaN|Infinity|undefined|<script|http:\/\/(?!www\.w3\.org)/);
    }
  });

  test("lists all of them", async () => {
    const text = await tells(["--list"]);
    expect(text).toContain("normal(loc, scale)\n    Normal");
  });

  test.each([
    [["gama(2, 3)x"], "error:"],
    [[], "no distribution is given"],
    [["normal(0, 1)", "--x", "a"], '--x is "a"'],
    [["normal(0, 1)", "--quantile", "1.5"], "--quantile names 1.5"],
    [["bivariateNormal(0, 0, 1, 1, 0)"], "a distribution of 2 numbers at once"],
    [["normal([0, 1], 1)"], "2 distributions, as a parameter is a list"],
    [["normal(0, 1, 2)"], "more than 2 arguments"],
  ])("refuses %j", async (words, says) => {
    const { code, stdout, stderr } = await credence(["dist", ...words], { cwd: emptyFolder() });
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(says)]);
  });
});
