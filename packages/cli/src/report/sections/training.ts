import { figure } from "../chart.js";
import { lossChart } from "../charts/history.js";
import type { ReportData } from "../data.js";
import { type Html, html } from "../html.js";
import { lossReading } from "../readings.js";
import { modelName } from "../words.js";

/** How training went, and the settings that repeat it. */
export function training({ history, model }: ReportData): Html {
  const facts: readonly (readonly [string, string])[] = [
    ["model", modelName(model)],
    ["parameters", model.parameters.toLocaleString("en-US")],
    ["training rows", model.trainingRows.toLocaleString("en-US")],
    ["validation rows", model.validationRows.toLocaleString("en-US")],
    ...model.settings,
    ["seed", String(model.seed)],
  ];
  return html`<section>
<h2>Training</h2>
<div class="figures">
${
  history.some((member) => member.epochs.length > 0) &&
  figure({ title: "Loss by epoch", picture: lossChart(history), reading: lossReading(history) })
}<div>
<h3>Settings</h3>
<dl class="settings">
${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`)}</dl>
</div>
</div>
</section>
`;
}
