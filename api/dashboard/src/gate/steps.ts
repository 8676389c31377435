/** A course of values as lines of a plot. */

import type { Bounds } from "../shared/span/span.ts";
import type { Point } from "./requests.ts";

const WIDTH = 1000;
const HEIGHT = 100;
/** Parts of the scale of values, between its lines. */
export const LINES = 2;

/** Lines of a plot 1000 wide and 100 high: values hold until the next; where one is unknown, a line ends. */
export function steps(points: readonly Point[], { fromMs, toMs }: Bounds, top: number): string[] {
  const lines: string[][] = [[]];
  const x = (ms: number): string => across(ms, { fromMs, toMs }).toFixed(1);
  let before: string | null = null;
  for (const [ms, value] of points) {
    if (value === null) {
      if (before !== null) lines.push([]);
      before = null;
      continue;
    }
    const y = (HEIGHT * (1 - value / top)).toFixed(1);
    if (before !== null && before !== y) lines.at(-1)!.push(`${x(ms)},${before}`);
    lines.at(-1)!.push(`${x(ms)},${y}`);
    before = y;
  }
  return lines.filter((line) => line.length > 1).map((line) => line.join(" "));
}

function across(ms: number, { fromMs, toMs }: Bounds): number {
  return ((Math.min(Math.max(ms, fromMs), toMs) - fromMs) / (toMs - fromMs)) * WIDTH;
}

/** Where values are known, as pairs [from, to] across the plot: elsewhere there is no line, which is not the same as none. */
export function known(points: readonly Point[], bounds: Bounds): [number, number][] {
  const found: [number, number][] = [];
  points.forEach(([ms, value], index) => {
    const next = points[index + 1];
    if (value === null || next === undefined) return;
    const [from, to] = [across(ms, bounds), across(next[0], bounds)];
    const last = found.at(-1);
    if (last !== undefined && last[1] === from) last[1] = to;
    else found.push([from, to]);
  });
  return found;
}

/** Highest value, when it was reached first, and the last one; null where nothing is known. */
export function summary(points: readonly Point[]): { most: number | null; mostAt: number | null; last: number | null } {
  let [most, mostAt, last]: (number | null)[] = [null, null, null];
  for (const [ms, value] of points) {
    if (value === null) continue;
    if (most === null || most === undefined || value > most) [most, mostAt] = [value, ms];
    last = value;
  }
  return { most: most ?? null, mostAt: mostAt ?? null, last: last ?? null };
}
