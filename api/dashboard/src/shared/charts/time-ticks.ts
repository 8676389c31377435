/** Round times to be written below a chart, round in the zone that the page shows. */

import { shownZone } from "../format/shown-zone.ts";
import { hourMinute, shortDay } from "../format/times.ts";
import { momentOf, wallTime } from "../format/zones.ts";

const MINUTE_MS = 60_000;
const STEPS_MIN = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7 * 1440, 14 * 1440, 28 * 1440, 92 * 1440];

/** @param most how many there is room for. @returns moments in order. [ms since 1970 UTC] */
export function timeTicks(fromMs: number, toMs: number, most: number): number[] {
  const stepMs = MINUTE_MS * (STEPS_MIN.find((one) => (toMs - fromMs) / (one * MINUTE_MS) <= most) ?? STEPS_MIN.at(-1)!);
  const zone = shownZone.value;
  // Steps are counted on the clocks of the zone, where a day is one step also when clocks are set back or forth.
  const wall = (ms: number): number => Date.parse(`${wallTime(ms, zone)}Z`);
  const ticks: number[] = [];
  for (let at = Math.ceil(wall(fromMs) / stepMs) * stepMs; at <= wall(toMs); at += stepMs) {
    const ms = momentOf(new Date(at).toISOString().slice(0, -1), zone)!;
    if (ms >= fromMs && ms <= toMs && ms !== ticks.at(-1)) ticks.push(ms);
  }
  return ticks;
}

/** What stands at one: the time of day; at midnight, where a day begins, the day. */
export function tickText(ms: number): string {
  const minute = hourMinute(ms);
  return minute === "00:00" ? shortDay(ms) : minute;
}
