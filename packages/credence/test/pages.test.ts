import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as credence from "credence";
import * as distributions from "credence/distributions";
import * as losses from "credence/losses";
import * as nn from "credence/nn";
import * as special from "credence/special";
import { describe, expect, test } from "vitest";
import { CATALOGUE, PAGES, renderDocs } from "../../../scripts/docs/index.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { files, pictures } = renderDocs({ ...credence, distributions, losses, nn, special });
const committed = (file: string) => readFileSync(path.join(root, file), "utf8");

describe("the pages of the distributions", () => {
  test.each(files)("%s is as npm run docs writes it", (file, text) => {
    expect(committed(file)).toBe(text);
  });

  test("are all that there are, and each picture has its page", () => {
    const names = files.flatMap(([file]) => (file.startsWith(`${PAGES}/`) ? [path.basename(file)] : []));
    expect(readdirSync(path.join(root, PAGES)).sort()).toEqual([...names, "pictures"].sort());
    const drawn = readdirSync(path.join(root, PAGES, "pictures")).sort();
    expect(drawn).toEqual(pictures.map(([name]) => `${name}.svg`).sort());
  });

  test("have parameters with a meaning each, and words throughout", () => {
    for (const { name } of JSON.parse(committed(CATALOGUE)) as { name: string }[]) {
      const page = committed(`${PAGES}/${name}.md`);
      expect(page).toMatch(/\| name \| meaning \|\n\| --- \| --- \|\n\| `\w+` \| \S/);
      expect(page).not.toMatch(/\[object|\| undefined/);
    }
  });

  test("link to what is there", () => {
    for (const [file] of files.filter(([name]) => name.endsWith(".md"))) {
      for (const [, target] of committed(file).matchAll(/\]\((?!https?:)([^)#]+)/g))
        expect(existsSync(path.join(root, path.dirname(file), target as string)), `${file}: ${target}`).toBe(true);
    }
  });
});
