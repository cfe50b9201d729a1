import { figure } from "../chart.js";
import { categoryChart } from "../charts/categories.js";
import { dataChart, densityChart, samplesChart, squaredErrorChart } from "../charts/density.js";
import type { NumericView, ReportData, View } from "../data.js";
import { count } from "../format.js";
import { type Html, html, prose } from "../html.js";
import { categoryReading, densityReading, isMultimodal, samplesReading, squaredErrorReading } from "../readings.js";
import { name } from "../words.js";

/** The predicted density: all of it where there is one input, along the most telling inputs where there are more. */
export function pictures({ views, model }: ReportData): Html | undefined {
  if (views.length === 0) return undefined;
  const more = model.inputs.length - views.length;
  const choice =
    more > 0
      ? ` Shown are the inputs that move the prediction most; ${count(more, "other")} ${more === 1 ? "moves" : "move"} it less.`
      : "";
  const guide = views.some((view) => view.kind === "number")
    ? "The stronger the colour, the more of"
    : "Where a bar lies,";
  return html`<section>
<h2>What the model predicts</h2>
<p>${prose(`${guide} ${name(model.target)} is expected there.${choice}`)}</p>
<div class="figures">
${views.map((view) => viewFigures(view, model.target))}</div>
</section>
`;
}

function viewFigures(view: View, target: string): Html {
  const title = `${name(target)} by ${name(view.input)}`;
  if (view.kind === "text") {
    return figure({ title, picture: categoryChart(view, target), reading: categoryReading(view, target) });
  }
  if (view.held.length === 0) return soleInput(view, target);
  const picture = densityChart(view, target, { quantiles: !isMultimodal(view), data: true });
  return figure({ title, picture, reading: densityReading(view, target) });
}

/** Rows, squared error for contrast, density and draws on one scale, to compare at a glance. */
function soleInput(view: NumericView, target: string): Html {
  const { samples, meanSquaredError } = view;
  const contrast = meanSquaredError !== undefined;
  return html`${
    contrast &&
    figure({
      title: "The data",
      picture: dataChart(view, target),
      reading: `${name(target)} against ${name(view.input)} in ${count(view.data.x.length, "row")} of the table.`,
    })
  }${
    contrast &&
    figure({
      title: "A network that predicts one number",
      picture: squaredErrorChart(view, target, meanSquaredError),
      reading: squaredErrorReading(view, target),
    })
  }${figure({
    title: `The predicted density of ${name(target)}`,
    picture: densityChart(view, target, { quantiles: !isMultimodal(view), data: !contrast }),
    reading: densityReading(view, target),
  })}${
    samples &&
    figure({
      title: "Draws from the model",
      picture: samplesChart(view, target, samples),
      reading: samplesReading(target),
    })
  }`;
}
