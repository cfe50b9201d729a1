import { figure } from "../chart.js";
import { intervalChart, isInside, medianChart } from "../charts/predictions.js";
import type { Example, ReportData } from "../data.js";
import { formatNumber, shorten } from "../format.js";
import { type Html, html } from "../html.js";
import { intervalReading, medianReading } from "../readings.js";

/** More inputs than this do not fit beside the prediction. */
const MOST_INPUTS = 4;

/** Predictions beside what came true: as pictures for a sample, as numbers for a handful. */
export function unseen({ predictions, examples, model, scores }: ReportData): Html | undefined {
  // with one input the density picture shows all of this already
  const drawn = predictions.length > 0 && model.inputs.length > 1;
  if (!drawn && examples.length === 0) return undefined;
  return html`<section>
<h2>Predicted and true</h2>
<p>${scores.scoredOn === "validation" ? "Rows that were held out of training." : "Rows that the model was trained on."}</p>
${
  drawn &&
  html`<div class="figures">
${figure({
  title: "Intervals, row by row",
  picture: intervalChart(predictions, model.target),
  reading: intervalReading(predictions, model.target, scores),
})}${figure({
  title: "True value against predicted median",
  picture: medianChart(predictions, model.target),
  reading: medianReading(predictions),
})}</div>
`
}${examples.length > 0 && exampleTable(examples, model)}
</section>
`;
}

function exampleTable(examples: readonly Example[], { inputs, target }: ReportData["model"]): Html {
  const shown = inputs.slice(0, MOST_INPUTS);
  const more = inputs.length - shown.length;
  const all = examples.flatMap((row) => [row.actual, row.quantiles[0], row.quantiles[4]]);
  const scale = (value: number) => {
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return high > low ? (100 * (value - low)) / (high - low) : 50;
  };
  return html`<div class="scroll examples"><table>
<thead><tr>${shown.map((input) => html`<th>${shorten(input.name, 14)}</th>`)}${more > 0 && html`<th>and ${more} more</th>`}
<th class="number">5 %</th><th class="number">median</th><th class="number">95 %</th><th class="number">true ${shorten(target, 14)}</th><th class="span">90 % interval, median and true value</th></tr></thead>
<tbody>
${examples.map(
  (row) => html`<tr>${shown.map((_, i) => html`<td>${row.inputs[i] ?? ""}</td>`)}${more > 0 && html`<td>…</td>`}
${[row.quantiles[0], row.quantiles[2], row.quantiles[4], row.actual].map((value) => html`<td class="number">${formatNumber(value)}</td>`)}<td class="span">${span(row, scale)}</td></tr>
`,
)}</tbody></table></div>
`;
}

/** One row's interval as a strip; all rows share the scale. */
function span(row: Example, scale: (value: number) => number): Html {
  const at = (value: number) => `${scale(value).toFixed(1)}%`;
  const [low, , median, , high] = row.quantiles;
  const fill = isInside(row) ? "var(--ink)" : "var(--accent)";
  return html`<svg aria-hidden="true"><line x1="0" x2="100%" y1="50%" y2="50%" stroke="var(--line)"/><line x1="${at(low)}" x2="${at(high)}" y1="50%" y2="50%" stroke="var(--model)" stroke-opacity="0.4" stroke-width="7"/><line x1="${at(median)}" x2="${at(median)}" y1="18%" y2="82%" stroke="var(--model)" stroke-width="2"/><circle cx="${at(row.actual)}" cy="50%" r="3.5" fill="${fill}"/></svg>`;
}
