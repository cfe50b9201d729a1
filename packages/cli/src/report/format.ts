/** No-break space: a number and its unit stay on one line. */
const NBSP = "\u00a0";

/**
 * A number for reading: about `digits` significant digits, a true minus sign, and thousands separators from 10,000 on, as
 * 2012 may be a year.
 * Integers keep all their digits up to a million million; other very large and very small numbers become powers of ten.
 */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) && magnitude < 1e12) return grouped(value, 0);
  if (magnitude >= 1e9 || magnitude < 1e-4) return scientific(value, digits);
  if (magnitude >= 1e5) return grouped(Number(value.toPrecision(digits + 1)), 0);
  const rounded = Number(magnitude.toPrecision(digits)); // 0.9999 has the decimals of 1.00
  return grouped(value, Math.max(0, digits - 1 - Math.floor(Math.log10(rounded))));
}

/** A share in [0, 1] as percent: `0.896` is `89.6 %`. */
export function percent(share: number, decimals = 1): string {
  if (!Number.isFinite(share)) return "unknown";
  const text = grouped(share * 100, decimals).replace(/\.0+$/, "");
  return `${text}${NBSP}%`;
}

/** A difference and its standard error, with two digits of that and as many decimals of the difference: `0.009 ± 0.056`. */
export function withError(value: number, error: number): string {
  if (!Number.isFinite(value) || !(error > 0) || error < 1e-9) return formatNumber(value);
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(error))));
  return `${grouped(value, decimals)} ± ${grouped(error, decimals)}`;
}

/** How often one thing is another: `12 times`. */
export function times(factor: number): string {
  if (factor >= 1e6) return "more than a million times";
  const digits = factor < 10 ? 2 : 3;
  const rounded = Number(factor.toPrecision(digits));
  return `${Number.isInteger(rounded) ? grouped(rounded, 0, "always") : formatNumber(rounded, digits)} times`;
}

/** A time in words: `0.9 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (!(seconds >= 0)) return "unknown time";
  if (seconds < 9.95) return `${seconds.toFixed(1)}${NBSP}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${NBSP}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}${NBSP}min ${whole % 60}${NBSP}s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)}${NBSP}h ${minutes % 60}${NBSP}min`;
}

/** A count with its noun: `1 row`, `1,500 rows`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(n, 0, "always")} ${n === 1 ? noun : plural}`;
}

/**
 * Numbers along an axis from `low` to `high`: as short as keeps neighbouring ticks apart.
 * `25M` where all are large, `2e−7` where all are small, else plain with as many decimals as the steps need.
 */
export function axisFormat(low: number, high: number): (value: number) => string {
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  const step = (high - low) / 6 || magnitude || 1;
  const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(step))));
  const format =
    magnitude >= 1e5 && step > magnitude / 1000
      ? new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 4 })
      : new Intl.NumberFormat("en-US", {
          maximumFractionDigits: decimals,
          useGrouping: magnitude >= 1e4, // 2012 may be a year
          ...(magnitude < 1e-3 || magnitude >= 1e15 ? { notation: "scientific", maximumFractionDigits: 2 } : {}),
        });
  return (value) => (value === 0 ? "0" : format.format(value).replaceAll("-", "−").replace("E", "e"));
}

/** A name that fits a chart: cut with an ellipsis after `limit` characters, never inside a surrogate pair. */
export function shorten(text: string, limit = 28): string {
  const characters = [...text.replace(/\s+/g, " ")];
  return characters.length <= limit ? characters.join("") : `${characters.slice(0, limit - 1).join("")}…`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  const last = items.at(-1);
  if (last === undefined) return "";
  return items.length === 1 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

function grouped(value: number, decimals: number, useGrouping: "always" | "min2" = "min2"): string {
  const fractionDigits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const text = value.toLocaleString("en-US", { ...fractionDigits, useGrouping });
  return /[1-9]/.test(text) ? text.replace("-", "−") : text.replace("-", "");
}

function scientific(value: number, digits: number): string {
  const [mantissa = "", exponent = ""] = value.toExponential(digits - 1).split("e");
  const power = exponent
    .replace("+", "")
    .replace("-", "⁻")
    .replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(d)));
  return `${mantissa.replace("-", "−")} × 10${power}`;
}
