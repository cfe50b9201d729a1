export type Delimiter = "\t" | ";" | ",";

/** Rarest in names and numbers first: "length, cm;width, cm" is likelier than a semicolon in a name. */
const delimiters = ["\t", ";", ","] as const;

/**
 * The delimiter of a table: the first of tab, semicolon and comma that stands in the header, and as often in the first
 * row; where none does, the one that stands in the header most often. Delimiters in quotes do not count.
 */
export function delimiterOf(text: Uint8Array): Delimiter {
  const [header, first] = countDelimiters(text);
  const agreed = delimiters.find((delimiter) => header[delimiter] > 0 && header[delimiter] === first[delimiter]);
  if (agreed !== undefined) return agreed;
  return delimiters.reduce((most, delimiter) => (header[delimiter] > header[most] ? delimiter : most), ",");
}

type Counts = Record<Delimiter, number>;

/** How often each delimiter stands in the first two lines that are not blank. */
function countDelimiters(text: Uint8Array): [Counts, Counts] {
  const lines: [Counts, Counts] = [
    { "\t": 0, ";": 0, ",": 0 },
    { "\t": 0, ";": 0, ",": 0 },
  ];
  let line: 0 | 1 = 0;
  let isQuoted = false;
  let isBlank = true;
  for (const byte of text) {
    const character = String.fromCharCode(byte); // the bytes of longer characters are none of those looked for
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === "\n" || character === "\r") {
      if (isBlank) continue;
      if (line === 1) break;
      line = 1;
      isBlank = true;
    } else if (character !== " ") {
      isBlank = false;
      if (character === "\t" || character === ";" || character === ",") lines[line][character]++;
    }
  }
  return lines;
}
