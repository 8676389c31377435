/** Numbers as people read them. Null, and what is not a number, is "–". */

export const NOTHING = "–";

const formats = new Map<number, Intl.NumberFormat>();

/** A number with a fixed count of decimals: 1,234.5. */
export function fixed(value: number | null | undefined, decimals = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  let format = formats.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(decimals, format);
  }
  const shown = format.format(value);
  return /^-0(\.0*)?$/.test(shown) ? shown.slice(1) : shown;
}

/** A temperature with its sign always there: +2.0, −18.0. */
export function degrees(value: number | null): string {
  if (value === null) return NOTHING;
  const shown = fixed(Math.abs(value), 1);
  return (shown === "0.0" ? "" : value < 0 ? "−" : "+") + shown;
}

/** A difference with its sign always there: +3, −2, ±0. */
export function signed(value: number | null, decimals = 0): string {
  if (value === null) return NOTHING;
  return `${value > 0 ? "+" : value < 0 ? "−" : "±"}${Math.abs(value).toFixed(decimals)}`;
}

/** A count that may be large: 9,876,543 and 97.6 M. */
export function count(value: number | null): string {
  if (value === null || value < 10_000_000) return fixed(value);
  return value < 10_000_000_000 ? `${fixed(value / 1_000_000, 1)} M` : `${fixed(value / 1_000_000_000, 1)} G`;
}
