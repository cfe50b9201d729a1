// The distributions as `credence dist` knows them: names, parameters in order, and what they are.

/** @param docstrings  from readDocstrings @returns JSON, a line a distribution */
export function catalogueOf(docstrings) {
  const entries = docstrings.map(({ name, byName, summary, parameters }) => {
    const entry = { name, summary, parameters: parameters.map(({ name: parameter }) => parameter) };
    return `  ${JSON.stringify(byName ? entry : { ...entry, inOrder: true })}`;
  });
  return `[\n${entries.join(",\n")}\n]\n`;
}
