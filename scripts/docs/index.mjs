// What `npm run docs` writes, and what a test compares with it.
import { catalogueOf } from "./catalogue.mjs";
import { readDocstrings } from "./docstrings.mjs";
import { renderMigration } from "./migration.mjs";
import { renderPages } from "./pages.mjs";

export const PAGES = "docs/distributions";
export const CATALOGUE = "packages/cli/src/laws/catalogue.json";

/**
 * @param library  the names of `credence`, and those of its other entry points under theirs
 * @returns {{ files: [path: string, text: string][], pictures: [name: string, expression: string][], missing: string[] }}  paths
 *   from the root; what the table of names has that the library has not
 */
export function renderDocs(library) {
  const docstrings = readDocstrings();
  const { files, pictures } = renderPages(docstrings, library.distributions);
  const { text, missing } = renderMigration(library);
  return {
    files: [
      [CATALOGUE, catalogueOf(docstrings)],
      ["docs/migration.md", text],
      ...files.map(([name, page]) => [`${PAGES}/${name}`, page]),
    ],
    pictures,
    missing,
  };
}
