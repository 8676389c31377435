/** Numbers and times as people read them. Null, and what is not a number, is "–". */

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

const DECIMALS: Record<string, number> = { boxes: 0, lifts: 0, moves: 0, TEU: 0, trucks: 0, reefers: 0, s: 0, "boxes/h": 1, min: 1 };

const SINCE_1970 = "s since 1970 UTC";

/** Decimals that suit a KPI's unit. */
export function decimalsOf(unit: string): number {
  return DECIMALS[unit] ?? 1;
}

/** A KPI's value with its unit as people read them: shares as per cent, moments as time of day. */
export function reading(value: number | null, unit: string): [figure: string, unit: string] {
  if (unit === "share") return [fixed(value === null ? null : value * 100, 1), "%"];
  if (unit === SINCE_1970) return [dayMinute(value === null ? null : value * 1000), "UTC"];
  return [fixed(value, decimalsOf(unit)), unit];
}

/** A temperature with its sign always there: +2.0, −18.0. */
export function degrees(value: number | null): string {
  if (value === null) return NOTHING;
  const shown = fixed(Math.abs(value), 1);
  return (shown === "0.0" ? "" : value < 0 ? "−" : "+") + shown;
}

/** Time of day in UTC: 06:15:07. */
export function clock(ms: number | null): string {
  return ms === null || !Number.isFinite(ms) ? NOTHING : new Date(ms).toISOString().slice(11, 19);
}

/** Time of day in UTC without seconds: 06:15. */
export function hourMinute(ms: number | null): string {
  return clock(ms).slice(0, 5);
}

/** Day in UTC: 23 Nov 2026. */
export function day(ms: number): string {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(ms);
}

/** A length of time in its two largest units: 12 s, 4 min 5 s, 2 h 10 min, 3 d 4 h. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

/** A length of time as hours and minutes: 1:06. */
export function hours(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** A count that may be large: 9,876,543 and 97.6 M. */
export function count(value: number | null): string {
  if (value === null || value < 10_000_000) return fixed(value);
  return value < 10_000_000_000 ? `${fixed(value / 1_000_000, 1)} M` : `${fixed(value / 1_000_000_000, 1)} G`;
}

/** What a window of a KPI is called. */
export function windowName(windowS: number): string {
  if (windowS === 0) return "now";
  if (windowS === 3600) return "last hour";
  return `last ${duration(windowS * 1000)}`;
}

const WINDOWS: Record<string, string> = { now: "now", PT1H: "last hour", shift: "this shift", call: "this call", day: "today" };

/** What the window of a value is called, by its name in the API. */
export function windowWord(window: string): string {
  const hours = /^PT(\d+)H$/.exec(window)?.[1];
  return WINDOWS[window] ?? (hours === undefined ? window : `last ${hours} h`);
}

const zoned = new Map<string, Intl.DateTimeFormat>();

/** A time on a terminal's own clocks, with their zone: 00:15 GMT-5. A zone that nobody knows is left out. */
export function local(ms: number, timeZone: string): string {
  let format = zoned.get(timeZone);
  try {
    format ??= new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" });
  } catch {
    return "";
  }
  zoned.set(timeZone, format);
  return format.format(ms);
}

/** Day and time in UTC: 23 Nov 06:15. */
export function dayMinute(ms: number | null): string {
  return ms === null ? NOTHING : `${day(ms).slice(0, -5)} ${hourMinute(ms)}`;
}

const collator = new Intl.Collator("en", { numeric: true });

/** Order of ids as people count them: in2 before in10. */
export function byId(a: string, b: string): number {
  return collator.compare(a, b);
}
