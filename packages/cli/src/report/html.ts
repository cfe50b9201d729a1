/** Text that is HTML already. Everything else is escaped when it meets a template, so a column may be called `<script>`. */
export class Html {
  constructor(readonly text: string) {}
}

export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/** Template for HTML: strings are escaped, `Html` goes in as it is, lists are joined, `undefined` and `false` vanish. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = parts[0] ?? "";
  values.forEach((value, i) => {
    text += toText(value) + (parts[i + 1] ?? "");
  });
  return new Html(text);
}

/** Marks text as HTML; only for text that this program wrote itself. */
export function raw(text: string): Html {
  return new Html(text);
}

/** A sentence whose parts between backticks are code: on one line if short, so that `--option` is not torn. */
export function prose(text: string): Html {
  const code = (part: string) =>
    part.length > 24 ? html`<code class="long">${part}</code>` : html`<code>${part}</code>`;
  return html`${text.split("`").map((part, i) => (i % 2 === 1 ? code(part) : part))}`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function toText(value: HtmlValue): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return value.map(toText).join("");
}
