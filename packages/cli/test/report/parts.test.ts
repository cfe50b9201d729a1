import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { pitBins, pitCounts } from "../../src/report/charts/calibration.js";
import { lossRange } from "../../src/report/charts/history.js";
import { palette, ramps } from "../../src/report/colour.js";
import { axisFormat, count, duration, formatNumber, list, percent, shorten, times } from "../../src/report/format.js";
import { escapeHtml, html, prose, raw } from "../../src/report/html.js";
import { dataUri, encodePng } from "../../src/report/png.js";
import { binomialBand, coverageFromPit, peaks, quantileOf, wilsonInterval } from "../../src/report/statistics.js";
import { historyOf } from "./mock.js";

const spaced = (words: string) => words.replaceAll("\u00a0", " ");

describe("format", () => {
  test.each([
    [0, "0"],
    [-0.0000001, "−1.00 × 10⁻⁷"],
    [1234567, "1,234,567"],
    [-1234.5678, "−1235"],
    [2012, "2012"],
    [20123, "20,123"],
    [12.3456, "12.3"],
    [3965837.2, "3,966,000"],
    [0.99999, "1.00"],
    [0.000123, "0.000123"],
    [1.5e300, "1.50 × 10³⁰⁰"],
    [Number.NaN, "not a number"],
    [Number.NEGATIVE_INFINITY, "−∞"],
  ])("%d", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test("shares, factors, times, counts", () => {
    expect([0.896, 0.9, 0, -0.0001, Number.NaN].map((share) => spaced(percent(share)))).toEqual([
      "89.6 %",
      "90 %",
      "0 %",
      "0 %",
      "unknown",
    ]);
    expect([2.345, 12.34, 1234.5, 1e9].map(times)).toEqual([
      "2.3 times",
      "12.3 times",
      "1,230 times",
      "more than a million times",
    ]);
    expect([0.94, 9.96, 59.6, 200, 7500, Number.NaN].map(duration).map(spaced)).toEqual([
      "0.9 s",
      "10 s",
      "1 min 0 s",
      "3 min 20 s",
      "2 h 5 min",
      "unknown time",
    ]);
    expect([count(1, "row"), count(1500, "row"), count(2, "half", "halves")]).toEqual([
      "1 row",
      "1,500 rows",
      "2 halves",
    ]);
    expect([list([]), list(["a"]), list(["a", "b", "c"])]).toEqual(["", "a", "a, b and c"]);
  });

  test.each([
    [0, 5, [0, 2.5, 5], ["0", "2.5", "5"]],
    [-0.004, 0.004, [-0.002, 0.002], ["−0.002", "0.002"]],
    [0, 9e7, [0, 2.5e7, 8e7], ["0", "25M", "80M"]],
    [1e6, 1e6 + 60, [1000010, 1000020], ["1,000,010", "1,000,020"]],
    [0, 6e-7, [0, 2e-7], ["0", "2e−7"]],
    [3, 3, [3], ["3"]],
    [1990, 2020, [2000, 2010], ["2000", "2010"]],
    [0, 20000, [5000, 20000], ["5,000", "20,000"]],
  ])("along an axis from %d to %d neighbours stay apart", (low, high, values, labels) => {
    expect(values.map(axisFormat(low, high))).toEqual(labels);
  });

  test("shorten cuts between characters and joins lines", () => {
    expect(shorten("a\nb  c", 10)).toBe("a b c");
    expect(shorten("😀😀😀😀", 3)).toBe("😀😀…");
  });
});

describe("html", () => {
  test("escapes what it is given, but not what it wrote", () => {
    expect(escapeHtml(`<a href="x">&'`)).toBe("&#60;a href=&#34;x&#34;&#62;&#38;&#39;");
    expect(html`<p>${"<b>"}${raw("<i>")}${[html`<u>`, 1]}${undefined}${false}</p>`.text).toBe(
      "<p>&#60;b&#62;<i><u>1</p>",
    );
    expect(prose("say `<x>` now").text).toBe("say <code>&#60;x&#62;</code> now");
  });
});

describe("png", () => {
  test("decodes to the pixels it was given", () => {
    const pixels = Uint8Array.of(0, 1, 2, 2, 1, 0);
    const png = encodePng(3, 2, pixels, [
      [255, 255, 255, 0],
      [10, 20, 30, 128],
      [1, 2, 3, 255],
    ]);
    const chunks = chunksOf(png);
    expect([...chunks.keys()]).toEqual(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
    expect([...(chunks.get("IHDR") ?? [])]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
    expect([...(chunks.get("PLTE") ?? [])]).toEqual([255, 255, 255, 10, 20, 30, 1, 2, 3]);
    expect([...(chunks.get("tRNS") ?? [])]).toEqual([0, 128, 255]);
    expect([...inflateSync(chunks.get("IDAT") ?? new Uint8Array())]).toEqual([0, 0, 1, 2, 0, 2, 1, 0]);
    expect(dataUri(png)).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
  });

  test("carries the checksum that the standard prescribes", () => {
    // the same in every PNG file: an IEND chunk and its CRC
    const end = [...encodePng(1, 1, Uint8Array.of(0), [[0, 0, 0, 0]])].slice(-12);
    expect(end).toEqual([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
  });

  function chunksOf(png: Uint8Array): Map<string, Uint8Array> {
    const view = new DataView(png.buffer, png.byteOffset);
    const chunks = new Map<string, Uint8Array>();
    for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
      const name = new TextDecoder().decode(png.subarray(at + 4, at + 8));
      chunks.set(name, png.subarray(at + 8, at + 8 + view.getUint32(at)));
    }
    return chunks;
  }
});

test.each(Object.entries(ramps))("the %s ramp runs one way, from the page to its opposite", (theme, stops) => {
  const shades = palette(stops, 64).map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b);
  const steps = shades.slice(1).map((shade, i) => (theme === "light" ? -1 : 1) * (shade - (shades[i] ?? 0)));
  expect(Math.min(...steps)).toBeGreaterThan(0);
  expect(palette(stops, 64)[0]?.[3]).toBe(0);
  expect(palette(stops, 64).at(-1)?.[3]).toBe(255);
});

describe("statistics", () => {
  test("binomialBand holds 95 %", () => {
    // scipy 1.17.1: binom.ppf([0.025, 0.975], n, p)
    expect(binomialBand(100, 0.1)).toEqual([5, 16]);
    expect(binomialBand(3, 0.25)).toEqual([0, 2]);
    expect(binomialBand(0, 0.5)).toEqual([0, 0]);
    expect(binomialBand(10, 1)).toEqual([10, 10]);
    const [low, high] = binomialBand(1_000_000, 0.05);
    expect([low / 1e6, high / 1e6].map((share) => share.toFixed(4))).toEqual(["0.0496", "0.0504"]);
  });

  test("wilsonInterval", () => {
    // statsmodels: proportion_confint(8, 10, method="wilson")
    expect(wilsonInterval(0.8, 10).map((share) => share.toFixed(3))).toEqual(["0.490", "0.943"]);
    expect(wilsonInterval(0, 5)[0]).toBe(0);
    expect(wilsonInterval(1, 5)[1]).toBe(1);
  });

  test("quantileOf interpolates", () => {
    expect([0, 0.5, 0.75, 1].map((p) => quantileOf([3, 1, 2, 4], p))).toEqual([1, 2.5, 3.25, 4]);
    expect(quantileOf([], 0.5)).toBeNaN();
  });

  test("peaks counts what is parted by a real valley", () => {
    expect(peaks([0, 1, 5, 1, 0])).toBe(1);
    expect(peaks([5, 4, 3])).toBe(1);
    expect(peaks([0, 5, 1, 4, 0, 5])).toBe(3);
    expect(peaks([0, 5, 4.6, 5, 0])).toBe(1); // a dent
    expect(peaks([0, 5, 0, 0.3, 0])).toBe(1); // a pebble
    expect(peaks([0, 0, 0])).toBe(0);
  });

  test("coverage and PIT counts", () => {
    const pit = [0, 0.05, 0.25, 0.5, 0.75, 1];
    expect(coverageFromPit(pit, 0.5)).toBe(0.5);
    expect(coverageFromPit(pit, 1)).toBe(1);
    expect(pitCounts(pit).counts).toEqual([2, 1, 1, 2]);
    expect([0, 1500].map(pitBins)).toEqual([4, 20]);
  });
});

describe("lossRange", () => {
  test("shows all of a tame history", () => {
    expect(lossRange([historyOf(2, 50, 40, 1, 0.1)]).hidden).toBe(0);
  });

  test("cuts off an early cliff, negative losses or not", () => {
    const { low, high, hidden } = lossRange([historyOf(-2, 100, 90, 1, 1000)]);
    expect(low).toBeGreaterThan(-2.2);
    expect(high).toBeLessThan(50);
    expect(hidden).toBeGreaterThan(0);
  });

  test("leaves room about a constant loss, and takes one that is not finite for hidden", () => {
    const rows = [1, 1, Number.NaN].map((loss, i) => ({
      epoch: i + 1,
      loss,
      validationLoss: Number.NaN,
      learningRate: 1e-3,
    }));
    expect(lossRange([{ epochs: rows, bestEpoch: 1, epochLimit: 3, stoppedBy: "nonFinite" }])).toEqual({
      low: 0.5,
      high: 1.5,
      hidden: 1,
    });
    expect(lossRange([])).toEqual({ low: 0, high: 1, hidden: 0 });
  });
});
