import type { ReportData, Scores } from "../data.js";
import { formatNumber, percent } from "../format.js";
import { type Html, html, prose } from "../html.js";
import { name } from "../words.js";

/** Every score with what it means and what to hold it against. */
export function scoreTable({ scores, model }: ReportData): Html {
  return html`<section>
<h2>Scores</h2>
<div class="scroll scores"><table>
<thead><tr><th>Score</th><th class="number">Model</th><th class="number">To compare</th></tr></thead>
${scoreRows(scores, name(model.target)).map(
  ([
    label,
    value,
    compare,
    meaning,
  ]) => html`<tbody><tr><th scope="row">${label}</th><td class="number">${value}</td><td class="number">${compare}</td></tr>
<tr><td colspan="3" class="meaning">${prose(meaning)}</td></tr></tbody>
`,
)}</table></div>
</section>
`;
}

type ScoreRow = readonly [label: string, value: string, compare: string, meaning: string];

function scoreRows(scores: Scores, target: string): ScoreRow[] {
  const { baseline, targetDeviation: deviation } = scores;
  // a single scored row has no spread
  const relative = (error: number) =>
    deviation > 0 ? ` It is ${percent(error / deviation, 0)} of the standard deviation.` : "";
  const hasMean = Number.isFinite(scores.rmse);
  const normalWidth = (z: number) => formatNumber(2 * z * deviation);
  return [
    [
      "NLL",
      formatNumber(scores.nll, 4),
      formatNumber(baseline.nll, 4),
      `Negative log-likelihood: minus the logarithm of the density at the true value, in nats, mean of the rows. Lower is better. To compare: one normal curve fitted to all training rows.`,
    ],
    [
      "CRPS",
      formatNumber(scores.crps),
      formatNumber(baseline.crps),
      `Continuous ranked probability score: how far the whole distribution lies from the true value, in units of ${target}; for a prediction of one number it is the absolute error. Lower is better. To compare: the same curve.`,
    ],
    [
      "RMSE",
      hasMean ? formatNumber(scores.rmse) : "none",
      formatNumber(deviation),
      hasMean
        ? `Root mean squared error of the predicted mean, in units of ${target}. To compare: the standard deviation of ${target}.${relative(scores.rmse)}`
        : `Root mean squared error of the predicted mean; there is none, as a predicted mean is infinite or does not exist. Look at the median instead.`,
    ],
    [
      "MAE",
      formatNumber(scores.mae),
      "",
      `Mean absolute error of the predicted median, in units of ${target}.${relative(scores.mae)}`,
    ],
    [
      "Coverage of 90 % intervals",
      percent(scores.coverage["0.9"]),
      percent(0.9),
      "Share of true values between the 5 % and the 95 % quantile. The nearer to 90 % the better.",
    ],
    [
      "Coverage of 50 % intervals",
      percent(scores.coverage["0.5"]),
      percent(0.5),
      "Share of true values between the 25 % and the 75 % quantile.",
    ],
    [
      "Width of 90 % intervals",
      formatNumber(scores.width["0.9"]),
      normalWidth(1.644854),
      `Mean, in units of ${target}. Given honest coverage, narrower is better. To compare: a normal curve of the standard deviation above.`,
    ],
    [
      "Width of 50 % intervals",
      formatNumber(scores.width["0.5"]),
      normalWidth(0.67449),
      "The same for the middle half.",
    ],
    [
      "Calibration error",
      percent(scores.calibrationError),
      percent(0),
      "Mean distance between the level of an interval and the share of rows inside it, over all levels.",
    ],
  ];
}
