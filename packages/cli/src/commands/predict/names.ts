/** The names of added columns, where one of them is taken already: `y_mean`, else `y_mean_2`, `y_mean_3`, … */
export function freeNames(wanted: readonly string[], taken: readonly string[]): string[] {
  const used = new Set(taken);
  return wanted.map((name) => {
    let free = name;
    for (let n = 2; used.has(free); n++) free = `${name}_${n}`;
    used.add(free);
    return free;
  });
}
