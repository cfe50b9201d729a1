import { catalogue, signature } from "./catalogue.js";

/** Every distribution with its parameters and what it is, in lines as wide as the terminal. */
export function listText(columns = 100): string {
  const width = Math.max(40, Math.min(columns, 100));
  return catalogue
    .map((entry) => {
      const first = entry.summary.split(/(?<=\.)\s/)[0] ?? "";
      return [signature(entry), ...wrap(first.replaceAll("`", ""), width - 4).map((line) => `    ${line}`)].join("\n");
    })
    .join("\n");
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) as string;
    if (line === "" || line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`.trimStart();
    else lines.push(word);
  }
  return lines;
}
