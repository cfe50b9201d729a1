import type { ReportData } from "../data.js";
import { count, duration, formatNumber, percent } from "../format.js";
import { type Html, html, prose } from "../html.js";
import {
  confidence,
  densityNote,
  gain,
  headline,
  inputsInWords,
  modelName,
  name,
  overfit,
  scoredOnTraining,
  training,
} from "../words.js";

/** Title, the result in plain words, the four numbers that matter most, and warnings. */
export function summary({ model, notes, scores, history }: ReportData): Html {
  const findings = [
    scoredOnTraining(scores),
    confidence(scores, model),
    gain(scores, model.target),
    training(history),
    overfit(history),
    densityNote(scores, model.target),
  ].filter((words) => words !== undefined);
  const [only, second] = model.inputs;
  const given = only !== undefined && second === undefined ? name(only.name) : count(model.inputs.length, "input");
  return html`<header>
<p class="over">${model.table} · ${count(model.rows, "row")}, ${inputsInWords(model.inputs)}</p>
<h1>${prose(`How ${name(model.target)} is spread, given ${given}`)}</h1>
<p class="under">Learned in ${duration(model.seconds)} by a network that answers with a whole distribution, ${modelName(model)}.</p>
</header>
<section aria-label="Result">
<p class="lead">${headline(scores)}</p>
<dl class="tiles">${tiles(scores)}</dl>
<div class="findings">
${findings.map((words) => html`<p>${prose(words)}</p>\n`)}</div>
${notes.length > 0 && html`<aside class="notes" aria-label="Warnings">${notes.map((note) => html`<p>${prose(note)}</p>`)}</aside>`}
</section>
`;
}

function tiles(scores: ReportData["scores"]): Html[] {
  return [
    tile(
      `${percent(0.9)} interval covers`,
      percent(scores.coverage["0.9"]),
      `${formatNumber(scores.width["0.9"])} wide on average`,
    ),
    tile("NLL, nats a row", formatNumber(scores.nll), `${formatNumber(scores.baseline.nll)} without inputs`),
    tile("CRPS", formatNumber(scores.crps), `${formatNumber(scores.baseline.crps)} without inputs`),
    tile(
      "RMSE of the mean",
      Number.isFinite(scores.rmse) ? formatNumber(scores.rmse) : "none",
      `${formatNumber(scores.targetDeviation)} without inputs`,
    ),
  ];
}

function tile(label: string, value: string, comparison: string): Html {
  return html`<div><dt>${label}</dt><dd>${value}</dd><dd>${comparison}</dd></div>
`;
}
