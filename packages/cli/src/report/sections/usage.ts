import type { ReportData } from "../data.js";
import { type Html, html, prose } from "../html.js";
import { name } from "../words.js";

/** How to go on with the model file. */
export function usage({ model }: ReportData): Html {
  const file = shellWord(model.file);
  return html`<section>
<h2>Using the model</h2>
<div class="use">
<p>Predict for new rows; the table needs the same input columns, and quantiles are added as columns:</p>
<pre><code>credence predict ${file} new.csv --quantiles 0.05,0.5,0.95 -o predictions.csv</code></pre>
<p>${prose(`Score the model on rows whose ${name(model.target)} is known:`)}</p>
<pre><code>credence evaluate ${file} test.csv</code></pre>
</div>
</section>
`;
}

/** A word that a shell takes as it is. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
