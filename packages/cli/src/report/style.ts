import { cssGradient, ramps } from "./colour.js";

/**
 * The report's style sheet. Charts take their colours from the same variables as the text, so that one rule turns the page
 * dark; paper is always white.
 */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --wash: #f5f7f8; --line: #e3e7ea;
  --ink: #1a2026; --muted: #5b656f; --data: #6b7680;
  --model: #2f6db3; --accent: #d2571b;
  --heat: ${cssGradient(ramps.light)};
}
.heat-dark { display: none; }
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #12161b; --wash: #1a2027; --line: #2c343d;
    --ink: #e4e8ec; --muted: #9aa6b1; --data: #8d99a5;
    --model: #6aaeea; --accent: #f58d55;
    --heat: ${cssGradient(ramps.dark)};
  }
  .heat-light { display: none; }
  .heat-dark { display: inline; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 3.5rem 1.25rem 4rem; max-width: 64rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
header, section, footer { margin-bottom: 3.25rem; }
p, ul, h1, h2, h3, figure, table, dl { margin: 0; padding: 0; }
h1 { font-size: clamp(1.7rem, 1.3rem + 2vw, 2.5rem); line-height: 1.2; font-weight: 650; letter-spacing: -0.022em; text-wrap: balance; }
h2 { font-size: 1.3rem; line-height: 1.3; font-weight: 650; letter-spacing: -0.012em; padding-top: 1.1rem; border-top: 1px solid var(--line); }
h3 { font-size: 0.95rem; font-weight: 600; margin-bottom: 0.35rem; }
h2 + p { margin-top: 0.35rem; max-width: 42rem; color: var(--muted); }
code { font: 0.9em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--wash); padding: 0.05em 0.25em; border-radius: 3px; white-space: nowrap; }
code.long { white-space: normal; overflow-wrap: anywhere; }
h1 code, h3 code { background: none; padding: 0; font-weight: inherit; }
.over { margin-bottom: 0.6rem; font-size: 0.875rem; color: var(--muted); }
.under { margin-top: 0.75rem; color: var(--muted); }
.lead { margin-bottom: 1.5rem; font-size: clamp(1.2rem, 1.05rem + 0.75vw, 1.45rem); line-height: 1.4; letter-spacing: -0.01em; max-width: 54rem; text-wrap: pretty; }
.findings { max-width: 44rem; }
.findings p + p { margin-top: 0.65rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1px; margin-bottom: 1.5rem; background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.tiles > div { background: var(--paper); padding: 0.9rem 1.1rem 1rem; }
.tiles dt { font-size: 0.8125rem; color: var(--muted); }
.tiles dd { margin: 0; }
.tiles dd:first-of-type { font-size: 1.75rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.02em; }
.tiles dd + dd { font-size: 0.8125rem; color: var(--muted); }
.notes { margin-top: 1.5rem; max-width: 44rem; padding: 0.9rem 1.1rem; border-left: 3px solid var(--accent); background: var(--wash); border-radius: 0 8px 8px 0; }
.notes p + p { margin-top: 0.5rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 2.25rem 2.5rem; margin-top: 1.5rem; }
figure { max-width: 32rem; min-width: 0; break-inside: avoid; }
figcaption { margin-top: 0.35rem; font-size: 0.875rem; line-height: 1.5; color: var(--muted); }
.chart { display: block; width: 100%; height: auto; overflow: visible; color: var(--ink); font-family: inherit; font-variant-numeric: tabular-nums; }
.chart text { white-space: pre; }
.chart [aria-label$="axis tick"] { color: var(--line); }
.chart [aria-label$="axis tick label"], .chart [aria-label$="axis label"] { color: var(--muted); }
.legend { display: flex; flex-wrap: wrap; gap: 0.1rem 0.9rem; min-height: 1.5rem; font-size: 0.8125rem; color: var(--muted); }
.legend i { display: inline-block; margin-right: 0.4rem; vertical-align: 0.08em; --size: 0.6rem; width: var(--size); height: var(--size); }
.key-dot { border-radius: 50%; background: var(--key); }
.key-ring { border-radius: 50%; border: 2px solid var(--key); }
.key-band { background: var(--key); opacity: 0.35; border-radius: 2px; }
.legend .key-line, .legend .key-dash { width: 1.1rem; height: 0; border-top: 2px solid var(--key); vertical-align: 0.28em; }
.legend .key-dash { border-top: 2px dashed var(--key); }
.legend .key-heat { width: 4.5rem; margin: 0 0.5rem; background: var(--heat); border-radius: 2px; }
.scroll { overflow-x: auto; margin-top: 1.25rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; }
th, td { padding: 0.55rem 1.1rem 0.55rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
thead th { font-size: 0.8125rem; color: var(--muted); font-weight: 500; vertical-align: bottom; }
td.number, th.number { text-align: right; white-space: nowrap; }
tr > :last-child { padding-right: 0; }
.scores tbody th, .scores tbody tr:first-child td { padding-bottom: 0; border-bottom: 0; }
.scores .meaning { padding-top: 0.1rem; font-size: 0.8125rem; line-height: 1.45; color: var(--muted); }
.scores thead .number { width: 7.5rem; }
.scores tbody { break-inside: avoid; }
tr { break-inside: avoid; }
.examples { margin-top: 2.25rem; }
.examples td { vertical-align: middle; max-width: 14rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.examples th:not(.span) { white-space: nowrap; }
.examples .span { width: 12rem; min-width: 8rem; }
.examples svg { display: block; width: 100%; height: 1.1rem; overflow: visible; }
.settings { font-size: 0.9375rem; }
.settings > div { display: flex; justify-content: space-between; gap: 1rem; padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
.settings dt { color: var(--muted); white-space: nowrap; }
.settings dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
pre { margin: 0.5rem 0 1.25rem; padding: 0.8rem 1rem; background: var(--wash); border-radius: 8px; overflow-x: auto; }
pre code { white-space: pre; background: none; padding: 0; font-size: 0.875rem; }
.use { margin-top: 1.1rem; }
footer { margin: 0; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 0.8125rem; color: var(--muted); }
@media (max-width: 40rem) {
  .scores thead .number { width: auto; }
  body { padding-top: 2rem; }
  header, section { margin-bottom: 2.5rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .chart { font-size: 13.5px; }
  .tiles > div { padding: 0.7rem 0.85rem 0.8rem; }
  .tiles dd:first-of-type { font-size: 1.45rem; }
}
@media print {
  :root { color-scheme: light; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  .figures { grid-template-columns: 1fr 1fr; gap: 1.5rem; }
  h2 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
