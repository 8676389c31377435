/** Times in ms since 1970 UTC, in the zone that the page shows, and lengths of time, as people read them. Null is "–". */

import { NOTHING } from "./numbers.ts";
import { otherZone, shownZone } from "./shown-zone.ts";
import { dayOf, minuteOf, wallTime, zoneName } from "./zones.ts";

/** Time of day: 06:15:07. */
export function clock(ms: number | null): string {
  return ms === null || !Number.isFinite(ms) ? NOTHING : wallTime(ms, shownZone.value).slice(11);
}

/** Time of day without seconds: 06:15. */
export function hourMinute(ms: number | null): string {
  return clock(ms).slice(0, 5);
}

/** Day: 23 Nov. */
export function shortDay(ms: number): string {
  return dayOf(ms, shownZone.value);
}

/** Day with its year: 23 Nov 2026. */
export function day(ms: number): string {
  return `${shortDay(ms)} ${wallTime(ms, shownZone.value).slice(0, 4)}`;
}

/** Day and time, where the zone stands above: 23 Nov 06:15. */
export function dayMinute(ms: number | null): string {
  return ms === null ? NOTHING : `${shortDay(ms)} ${hourMinute(ms)}`;
}

/** Two moments, where the zone stands above: 23 Nov 06:15 – 07:20, – 24 Nov 07:20, – now while it lasts. */
export function fromTo(fromMs: number, toMs: number | null): string {
  const end = toMs === null ? "now" : shortDay(fromMs) === shortDay(toMs) ? hourMinute(toMs) : dayMinute(toMs);
  return `${dayMinute(fromMs)} – ${end}`;
}

/** Day, time and zone: 23 Nov 06:15 UTC. */
export function moment(ms: number | null): string {
  return ms === null ? NOTHING : `${dayMinute(ms)} ${zoneAt(ms)}`;
}

/** What the zone is called then; nothing where the time is not known. */
export function zoneAt(ms: number | null): string {
  return ms === null ? "" : zoneName(ms, shownZone.value);
}

/** Time of day in the zone that the page does not show, with its name: 11:15 UTC. Empty where the terminal's clocks show UTC. */
export function otherwise(ms: number): string {
  const zone = otherZone.value;
  return zone === undefined ? "" : `${minuteOf(ms, zone)} ${zoneName(ms, zone)}`;
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
