/** Times in ms since 1970 UTC and lengths of time as people read them. Null is "–". */

import { NOTHING } from "./numbers.ts";

/** Time of day in UTC: 06:15:07. */
export function clock(ms: number | null): string {
  return ms === null || !Number.isFinite(ms) ? NOTHING : new Date(ms).toISOString().slice(11, 19);
}

/** Time of day in UTC without seconds: 06:15. */
export function hourMinute(ms: number | null): string {
  return clock(ms).slice(0, 5);
}

const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** Day in UTC: 23 Nov 2026. */
export function day(ms: number): string {
  return days.format(ms);
}

/** Day and time in UTC: 23 Nov 06:15. */
export function dayMinute(ms: number | null): string {
  return ms === null ? NOTHING : `${day(ms).slice(0, -5)} ${hourMinute(ms)}`;
}

const zones = new Map<string, Intl.DateTimeFormat>();

/** A time on a terminal's own clocks, with their zone: 00:15 GMT-5. An unknown zone is left out. */
export function local(ms: number, timeZone: string): string {
  let format = zones.get(timeZone);
  try {
    format ??= new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" });
  } catch {
    return "";
  }
  zones.set(timeZone, format);
  return format.format(ms);
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
