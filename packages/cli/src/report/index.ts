import { stableIds } from "./chart.js";
import type { ReportData } from "./data.js";
import { html, raw } from "./html.js";
import { calibration } from "./sections/calibration.js";
import { comparison } from "./sections/comparison.js";
import { pictures } from "./sections/pictures.js";
import { scoreTable } from "./sections/scores.js";
import { summary } from "./sections/summary.js";
import { training } from "./sections/training.js";
import { unseen } from "./sections/unseen.js";
import { usage } from "./sections/usage.js";
import { style } from "./style.js";

export type * from "./data.js";

/**
 * The report of a fit as one HTML file: no script, no request, nothing beside it. The same data gives the same text.
 *
 * The content policy in its head makes a browser refuse whatever text of the table might try beyond that.
 */
export function renderReport(data: ReportData): string {
  const { model } = data;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${model.target} · credence fit of ${model.table}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
${summary(data)}${pictures(data)}${unseen(data)}${calibration(data)}${scoreTable(data)}${comparison(data)}${training(data)}${usage(data)}</main>
<footer>Written by credence ${model.version}.</footer>
</body>
</html>
`;
  return stableIds(page.text);
}
