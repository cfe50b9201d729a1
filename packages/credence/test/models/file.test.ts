import { expect, test } from "vitest";
import { type DensityOptions, densityRegressor, load, readSafetensors, type Table } from "../../src/models/index.js";
import { expectSameBits } from "../support/bits.js";
import { curve, mixed, quick } from "./tables.js";

const models: Record<string, [options: DensityOptions, target: string[]]> = {
  "a mixture": [{}, ["y"]],
  "an ensemble of two targets": [{ ensemble: 2 }, ["y", "z"]],
  "a gaussian": [{ family: "gaussian" }, ["y"]],
  "the baseline, without validation": [{ family: "mse", validation: 0 }, ["z", "y"]],
  "a linear one": [{ hidden: [] }, ["y"]],
};

test.each(Object.entries(models))("%s comes back from its file as it was", async (_, [options, target]) => {
  const rows = mixed(50);
  const model = await densityRegressor({ ...quick, ...options }).fit(rows, { target });
  const bytes = model.toBytes();
  const back = await load(bytes);
  expect(back.toBytes()).toEqual(bytes);
  const parts = (m: typeof model) => [m.options, m.inputs, m.targets, m.parts.residuals, m.parts.members];
  expect(parts(back)).toEqual(parts(model));
  for (const [i, { name, values }] of model.parameters(rows).entries()) {
    expectSameBits(back.parameters(rows)[i]!.values, values, name);
  }
  expectSameBits(back.predict(rows).mean().data(), model.predict(rows).mean().data(), "means");
  const { seconds: _s, stepMilliseconds: _m, validationIndices: _v, members, ...summary } = model.summary;
  expect(back.summary).toMatchObject(summary);
  expect(back.summary.members).toEqual(members.map((member) => ({ ...member, epochs: [] })));
});

test("its names and texts may be of any kind", async () => {
  const { rows, columns } = mixed(40);
  const strange = ["__proto__", 'a "quote", a \\ and a\nline', "ünïcode 𝒙 \ud800"];
  const renamed = {
    rows,
    columns: columns
      .slice(0, 3)
      .map((column, i) =>
        column.kind === "text"
          ? { ...column, name: strange[i]!, values: column.values.map((text) => text.replace("red", "constructor")) }
          : { ...column, name: strange[i]! },
      ),
  };
  const model = await densityRegressor(quick).fit(renamed, { target: strange[1]! });
  const back = await load(model.toBytes());
  expect(back.inputs).toEqual(model.inputs);
  expectSameBits(back.predict(renamed).mean().data(), model.predict(renamed).mean().data());
});

test("the file holds weights by member and layer, and no times", async () => {
  const model = await densityRegressor({ ...quick, ensemble: 2 }).fit(curve(40), { target: "y" });
  const { tensors, metadata } = readSafetensors(model.toBytes());
  expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual(
    [0, 1].flatMap((member) => [
      [`member${member}.0.bias`, [8]],
      [`member${member}.0.weight`, [1, 8]],
      [`member${member}.1.bias`, [9]],
      [`member${member}.1.weight`, [8, 9]],
    ]),
  );
  expect(metadata.get("format")).toBe("credence density model 1");
  expect(metadata.get("model")).not.toMatch(/seconds|milliseconds/i);
});

test("what its file could not hold is refused before anything is trained", async () => {
  const table = (cell: (row: number, column: number) => string, columns: number): Table => ({
    rows: 40,
    columns: [
      ...Array.from({ length: columns }, (_, j) => ({
        name: `t${j}`,
        kind: "text" as const,
        values: Array.from({ length: 40 }, (__, i) => cell(i % 20, j)),
      })),
      { name: "y", kind: "number", values: Float64Array.from({ length: 40 }, (_, i) => i % 7) },
    ],
  });
  const fit = (rows: Table, options: DensityOptions = {}) =>
    densityRegressor({ ...quick, ...options }).fit(rows, { target: "y" });
  await expect(fit(table((i, j) => `${i} ${j} ${"word ".repeat(30)}`, 400))).rejects.toThrow(
    /names and categories of the columns take/,
  );
  await expect(fit(table((i) => `${i}${"x".repeat(100_001)}`, 1))).rejects.toThrow(
    /a text of 10000\d characters|take \d+ bytes/,
  );
  await expect(fit(mixed(40), { ensemble: 1000, hidden: [2, 2] })).rejects.toThrow(
    /1000 members of 2 hidden layers have 6000 tensors/,
  );
});
