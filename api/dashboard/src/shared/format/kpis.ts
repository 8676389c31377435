/** KPI values and their windows as people read them. */

import { fixed, NOTHING } from "./numbers.ts";
import { dayMinute, duration, zoneAt } from "./times.ts";

const WHOLE = new Set(["TEU", "s"]);
/** Units that are counted: boxes, trucks, vehicles. */
const COUNTED = /^[a-z]{2,}s$/;
const SINCE_1970 = "s since 1970 UTC";

/** Decimals that suit a KPI's unit. */
export function decimalsOf(unit: string): number {
  return WHOLE.has(unit) || COUNTED.test(unit) ? 0 : 1;
}

/** A KPI's value with its unit as people read them: shares as per cent, moments as time of day. */
export function reading(value: number | null, unit: string): [value: string, unit: string] {
  if (unit === "share") return [fixed(value === null ? null : value * 100, 1), "%"];
  if (unit === SINCE_1970) return value === null ? [NOTHING, ""] : [dayMinute(value * 1000), zoneAt(value * 1000)];
  return [fixed(value, decimalsOf(unit)), unit];
}

/** What a window is called, by its length. */
export function windowName(windowS: number): string {
  if (windowS === 0) return "now";
  if (windowS === 3600) return "last hour";
  return `last ${duration(windowS * 1000)}`;
}

const WINDOWS: Record<string, string> = { now: "now", PT1H: "last hour", shift: "this shift", call: "this call", day: "today" };

/** What a window is called, by its name in the API. */
export function windowTitle(window: string): string {
  const length = /^PT(\d+)H$/.exec(window)?.[1];
  return WINDOWS[window] ?? (length === undefined ? window : `last ${length} h`);
}
