// What SciPy and PyTorch reach: reads the tables of an ACCURACY.md into peers.json, the copy that the project keeps.
//   node scripts/accuracy/peers.mjs FOLDER/ACCURACY.md && npm run fix
import { readFileSync, writeFileSync } from "node:fs";

const FILE = new URL("peers.json", import.meta.url);

const SOURCE =
  "SciPy 1.10.1 with NumPy 1.24.2, PyTorch 1.13.1 (Debian's builds), on twice as many points of the same kinds as ours, torch32 on " +
  "the float32 points; references by mpmath with 60 digits and more; errors in ulps of the correctly rounded result";
const COLUMNS = {
  median: "of the errors",
  worst: "the largest error",
  worstWell: "the largest where cond <= 10",
  beyond: "the largest error / (1 + cond); null for torch32",
  wrong: "how many cases are infinite or NaN that should not be, or the reverse",
};

/** Tables by heading, and the group that their names belong to. */
const GROUPS = {
  "Special functions": "special",
  Distributions: "dist",
  "KL divergences": "kl",
  "Extreme inputs": "extreme",
};

const spell = (cell) =>
  cell === undefined ? "null" : cell.replace(/e([+-])0*(\d+)$/, (_, sign, n) => `e${sign === "-" ? "-" : ""}${n}`);

/** Where a peer's columns begin in a row of cells, and how many they are. */
const PEERS = [
  ["scipy", 3, 5],
  ["torch", 8, 5],
  ["torch32", 13, 4],
];

function figuresOf(cells) {
  return PEERS.flatMap(([peer, at, count]) => {
    const own = cells.slice(at, at + count).map((cell) => (cell === "-" ? undefined : cell));
    if (own[0] === undefined) return [];
    if (count === 4) own.splice(3, 0, undefined);
    return [`"${peer}": [${own.map(spell).join(", ")}]`];
  });
}

const rows = [];
let group;
for (const line of readFileSync(process.argv[2], "utf8").split("\n")) {
  if (line.startsWith("## ")) group = GROUPS[line.slice(3).trim()];
  const cells = line.split("|").map((cell) => cell.trim());
  if (!/^\d+$/.test(cells[2] ?? "")) continue;
  rows.push(`    "${group}/${cells[1]}": { ${figuresOf(cells).join(", ")} }`);
}
const head = `  "source": ${JSON.stringify(SOURCE)},\n  "columns": ${JSON.stringify(COLUMNS)},\n`;
writeFileSync(FILE, `{\n${head}  "functions": {\n${rows.join(",\n")}\n  }\n}\n`);
