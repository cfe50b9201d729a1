import { figure } from "../chart.js";
import { pitChart, reliabilityChart } from "../charts/calibration.js";
import type { ReportData } from "../data.js";
import { type Html, html } from "../html.js";
import { pitReading, reliabilityReading } from "../readings.js";

/** Whether the predicted probabilities mean what they say. */
export function calibration({ calibration }: ReportData): Html | undefined {
  if (calibration.pit.length === 0) return undefined;
  return html`<section>
<h2>Calibration</h2>
<p>Do the predicted probabilities come true as often as they say?</p>
<div class="figures">
${figure({
  title: "Where true values fell in their predictions",
  picture: pitChart(calibration.pit),
  reading: pitReading(calibration),
})}${figure({
  title: "What intervals promised and held",
  picture: reliabilityChart(calibration.pit),
  reading: reliabilityReading(calibration),
})}</div>
</section>
`;
}
