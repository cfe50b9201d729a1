import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { type ReportData, renderReport } from "../src/report/index.js";
import { spiral, textOnly, tiny, trips } from "./report/mockReports.js";

const parse = (page: string) => parseHTML(page).document;
const texts = (elements: Iterable<Element>) => [...elements].map((element) => element.textContent?.trim() ?? "");

const [spiralData, tripsData, tinyData, textData] = [spiral(), trips(), tiny(), textOnly()];

const reports: readonly (readonly [name: string, data: ReportData, charts: number])[] = [
  // charts: views, then predictions where there is more than one input, then PIT, reliability and loss
  ["one input, several answers", spiralData, 4 + 0 + 3],
  ["eight inputs, an ensemble", tripsData, 3 + 2 + 3],
  ["twenty rows", tinyData, 1 + 0 + 3],
  ["a text input alone", textData, 1 + 0 + 3],
];

describe.each(reports)("report: %s", (_, data, charts) => {
  const page = renderReport(data);
  const document = parse(page);

  test("draws every chart, each with a name and a reading", () => {
    const figures = [...document.querySelectorAll("figure")];
    expect(figures).toHaveLength(charts);
    for (const figure of figures) {
      const svg = figure.querySelector("svg");
      expect(svg?.getAttribute("role")).toBe("img");
      expect(svg?.getAttribute("aria-label")).toMatch(/\w{3}/);
      expect(svg?.getAttribute("viewBox")).toMatch(/^0 0 400 \d+$/);
      expect(figure.querySelector("figcaption")?.textContent).toMatch(/\w.*\.$/s);
    }
  });

  test("stands alone: no script, no request, no style but its own", () => {
    expect(page).not.toMatch(/<script|<link|<iframe|@import|javascript:/i);
    expect(page).not.toMatch(/https?:/);
    for (const element of document.querySelectorAll("[href], [src]")) {
      expect(element.getAttribute("href") ?? element.getAttribute("src")).toMatch(/^data:image\/png;base64,/);
    }
    expect(document.querySelector("meta[http-equiv]")?.getAttribute("content")).toContain("default-src 'none'");
  });

  test("refers only to what is there, by names used once", () => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
    const used = [...page.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1]);
    expect([...new Set(used)].filter((id) => !ids.includes(id ?? ""))).toEqual([]);
  });

  test("shows no number that is none", () => {
    expect(document.body.textContent).not.toMatch(/NaN|undefined|Infinity|null|\[object/);
    expect(page).not.toMatch(/="[^"]*(NaN|undefined|Infinity)[^"]*"/);
  });

  test("is small, and the same data gives the same bytes", () => {
    expect(page.length).toBeLessThan(600_000);
    expect(renderReport(data)).toBe(page);
  });
});

describe("report", () => {
  test("has its sections in the order in which one asks", () => {
    expect(texts(parse(renderReport(tripsData)).querySelectorAll("h2"))).toEqual([
      "What the model predicts",
      "Predicted and true",
      "Calibration",
      "Scores",
      "Training",
      "Using the model",
    ]);
  });

  test("leaves out what there is no data for", () => {
    const { model, notes, scores } = tinyData;
    const bare: ReportData = {
      model,
      notes,
      scores,
      history: [],
      views: [],
      predictions: [],
      examples: [],
      calibration: { pit: [], uniformityP: 1 },
    };
    const document = parse(renderReport(bare));
    expect(texts(document.querySelectorAll("h2"))).toEqual(["Scores", "Training", "Using the model"]);
    expect(document.querySelectorAll("figure")).toHaveLength(0);
  });

  test("opens with the result in words", () => {
    const document = parse(renderReport(tripsData));
    const { coverage } = tripsData.scores;
    const lead = document.querySelector(".lead")?.textContent?.replaceAll("\u00a0", " ");
    expect(lead).toBe(
      `The 90 % intervals covered ${+(100 * coverage["0.9"]).toFixed(1)} % of 300 rows the model had not seen.`,
    );
    expect(document.querySelector(".notes")?.textContent).toContain("Values of minutes repeat");
  });

  test("gives commands that a shell takes, whatever the file's name", () => {
    const data = tinyData;
    const file = "my runs/it's here/model.safetensors";
    const document = parse(renderReport({ ...data, model: { ...data.model, file } }));
    expect(texts(document.querySelectorAll("pre"))).toEqual([
      `credence predict 'my runs/it'\\''s here/model.safetensors' new.csv --quantiles 0.05,0.5,0.95 -o predictions.csv`,
      `credence evaluate 'my runs/it'\\''s here/model.safetensors' test.csv`,
    ]);
  });

  test("draws the density light and dark, the style sheet showing one of them", () => {
    const page = renderReport(spiralData);
    const document = parse(page);
    expect(document.querySelectorAll(".heat-light image")).toHaveLength(1);
    expect(document.querySelectorAll(".heat-dark image")).toHaveLength(1);
    expect(page).toMatch(/@media screen and \(prefers-color-scheme: dark\)[^@]*\.heat-light \{ display: none; \}/);
  });
});

/** A report in which every text that may come from a table is `text`. */
function filledWith(text: string): ReportData {
  const data = tripsData;
  const held = [[text, text]] as const;
  return {
    ...data,
    notes: [text],
    model: { ...data.model, target: text, table: text, file: text, inputs: [text, text].map(textInput) },
    views: data.views.map((view) =>
      view.kind === "text"
        ? { ...view, input: text, held, categories: view.categories.map((row) => ({ ...row, category: text })) }
        : { ...view, input: text, held, density: [], data: { x: [], y: [] } },
    ),
    examples: data.examples.map((row) => ({ ...row, inputs: [text, text] })),
  };
}

function textInput(name: string) {
  return { name, kind: "text" as const };
}

describe("text of the table", () => {
  const harmless = parse(renderReport(filledWith("name")));
  const tags = (document: Document) => [...document.querySelectorAll("*")].map((element) => element.tagName);

  test.each([
    "<script>alert(1)</script>",
    `"><img src=x onerror=alert(1)>`,
    "</title></style><svg onload=alert(1)>",
    "a & b &lt; c",
    `' onmouseover='alert(1)`,
    "]]><!--",
    "`code` and {braces}",
  ])("stays text: %s", (text) => {
    const page = renderReport(filledWith(text));
    const document = parse(page);
    expect(page).not.toMatch(/<script|<img|<!--/i);
    // names between backticks are code in sentences, and a backtick in a name may add such an element
    const added = tags(document).filter((tag) => tag !== "CODE");
    expect(added).toEqual(tags(harmless).filter((tag) => tag !== "CODE"));
    for (const element of document.querySelectorAll("*")) {
      for (const { name } of element.attributes) expect(name).not.toMatch(/^on/);
    }
    expect(document.querySelector("title")?.textContent).toContain(text);
    expect(document.querySelector(".over")?.textContent).toContain(text);
  });

  test("stays text, whatever it is", () => {
    const seldom = { numRuns: 15 }; // a report takes some 50 ms
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        const document = parse(renderReport(filledWith(text)));
        expect(tags(document).filter((tag) => tag !== "CODE")).toEqual(tags(harmless).filter((tag) => tag !== "CODE"));
      }),
      seldom,
    );
  });
});
