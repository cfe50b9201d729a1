import { figure } from "../chart.js";
import { comparisonChart } from "../charts/comparison.js";
import type { ReportData, Standing } from "../data.js";
import { count, formatNumber, list, withError } from "../format.js";
import { type Html, html, prose } from "../html.js";

/** The families that were tried, where the choice was left open. */
export function comparison({ comparison, model }: ReportData): Html | undefined {
  if (comparison === undefined) return undefined;
  const { rows, standings } = comparison;
  return html`<section>
<h2>Families compared</h2>
<p>${prose(`Each learned from the same rows and was scored on the same ${count(rows, "row")}, which also decided when to stop; \`${model.family}\` was kept. ${ties(standings)}`)}</p>
<div class="figures">
${figure({
  title: "How far behind the best",
  picture: comparisonChart(comparison),
  reading:
    "Mean difference of the negative log-likelihood, row by row; the lines reach two standard errors to either side.",
})}<div class="scroll"><table>
<thead><tr><th>Family</th><th class="number">NLL</th><th class="number">CRPS</th><th class="number">NLL behind</th></tr></thead>
<tbody>${standings.map(
    (
      row,
      i,
    ) => html`<tr><th scope="row">${row.family}</th><td class="number">${formatNumber(row.nll, 4)}</td><td class="number">${formatNumber(row.crps)}</td><td class="number">${i === 0 ? "" : withError(row.behind, row.error)}</td></tr>
`,
  )}</tbody>
</table></div>
</div>
</section>
`;
}

function ties(standings: readonly Standing[]): string {
  const tied = standings.filter((row) => row.tied).map(({ family }) => `\`${family}\``);
  if (tied.length === 0) return "It leads by more than two standard errors.";
  return `These rows cannot tell ${list(tied)} from it: the difference is within two standard errors.`;
}
