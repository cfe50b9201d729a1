import { escapeHtml } from "./html.js";

/** Colours as in the report; the reader's page decides between light and dark. */
const STYLE = `
svg { --paper: #ffffff; --ink: #1a2026; --muted: #5b656f; --line: #e3e7ea; --data: #6b7680; --model: #2f6db3; --accent: #d2571b; color: var(--ink); fill: currentColor; }
@media (prefers-color-scheme: dark) { svg { --paper: #12161b; --ink: #e4e8ec; --muted: #9aa6b1; --line: #2c343d; --data: #8d99a5; --model: #6aaeea; --accent: #f58d55; } }
text { white-space: pre; }
.muted, [aria-label$="axis tick label"], [aria-label$="axis label"] { fill: var(--muted); color: var(--muted); }
[aria-label$="axis tick"], [aria-label$="grid"] { color: var(--line); stroke: var(--line); stroke-opacity: 1; }
`;

export interface Standalone {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  /** SVG. */
  readonly body: string;
}

/** A picture as a file of its own. */
export function standalone({ label, width, height, body }: Standalone): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(label)}" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="12" text-anchor="middle">
<style>${STYLE}</style>
<rect width="100%" height="100%" fill="var(--paper)"/>
${body}
</svg>
`;
}

/** Room for a title with a line below it. */
export const TITLE_HEIGHT = 58;

export function titleLines(title: string, subtitle: string): string {
  return `<text x="16" y="26" font-size="17" font-weight="600" text-anchor="start">${escapeHtml(title)}</text>
<text class="muted" x="16" y="46" font-size="12.5" text-anchor="start">${escapeHtml(subtitle)}</text>
`;
}
