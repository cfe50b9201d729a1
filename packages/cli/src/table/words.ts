/** Text from a file or the command line, made fit for a message. */

/**
 * In double quotes and short, with control and direction characters as escapes: a cell must not be able to recolour
 * or rewrite the terminal it is shown on.
 */
export function quote(text: string): string {
  const short = [...text.slice(0, 80)].slice(0, 40).join("");
  const shown = short.length < text.length ? `${short}…` : short;
  return JSON.stringify(shown).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}

/** "1 row", "2 rows". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The first names of a list, and how many there are where that is not all. */
export function listNames(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map(quote).join(", ");
  return names.length > most ? `${shown}, … (${names.length})` : shown;
}

/** The name that `name` was probably meant to be, undefined when none is near. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  // a third of the letters may differ, but not all of them
  let least = Math.min(Math.max(1, Math.floor(wanted.length / 3)) + 1, Math.max(1, wanted.length));
  for (const candidate of names) {
    const edits = editDistance(wanted, candidate.toLowerCase(), least);
    if (edits < least) [nearest, least] = [candidate, edits];
  }
  return nearest;
}

/**
 * Letters inserted, deleted, replaced or swapped with their neighbour to get from a to b; `limit` if not fewer.
 *
 * @source optimal string alignment; Boytsov, Indexing methods for approximate dictionary searching (2011), section 2.1
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const viaSwap = swapped ? (before[j - 2] as number) + 1 : limit;
      row.push(Math.min(replaced, viaSwap, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    [before, above] = [above, row];
  }
  return Math.min(above[b.length] as number, limit);
}
