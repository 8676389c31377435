/** Where the parts of a curve of temperatures lie, in pixels; nothing here draws. */

import { timeTicks } from "../shared/charts/time-ticks.ts";
import type { Allowed, Values } from "./requests.ts";

export interface Scale {
  /** Pixels of a value. */
  at: (value: number) => number;
  ticks: readonly number[];
}

const LEAST_SPAN_K = 4;
const MARGIN_K = 0.5;
const NICE = [0.5, 1, 2, 5, 10, 20];

/** The scale of temperatures, upwards, with room for all that is drawn. [°C] */
export function degreesScale(values: Iterable<number | null>, ranges: readonly Allowed[], heightPx: number): Scale {
  let [low, high] = [Infinity, -Infinity];
  const take = (value: number | null): void => {
    if (value === null) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const value of values) take(value);
  for (const one of ranges) {
    take(one.lowDegc ?? one.setpointDegc);
    take(one.highDegc);
  }
  if (low > high) [low, high] = [0, 0];
  const missing = Math.max(0, LEAST_SPAN_K - (high - low)) / 2;
  [low, high] = [low - MARGIN_K - missing, high + MARGIN_K + missing];
  return { at: (value) => ((high - value) / (high - low)) * heightPx, ticks: ticksOf(low, high, Math.max(2, Math.floor(heightPx / 40)), NICE) };
}

const MINUTE_MS = 60_000;
const TICK_PX = 80;

/** The scale of times, to the right. */
export function timeScale(fromMs: number, toMs: number, widthPx: number): Scale {
  const ticks = timeTicks(fromMs, toMs, Math.max(2, Math.floor(widthPx / TICK_PX)));
  return { at: (ms) => ((ms - fromMs) / (toMs - fromMs)) * widthPx, ticks };
}

function ticksOf(low: number, high: number, most: number, nice: readonly number[]): number[] {
  const step = nice.find((one) => (high - low) / one <= most) ?? nice.at(-1)!;
  const ticks = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) ticks.push(at);
  return ticks;
}

/** From how long after a step on the next one is not joined to it: nothing is known of what was between. [ms] */
export function gapMs(times: readonly number[]): number {
  const steps = times.slice(1).map((at, index) => at - times[index]!).sort((a, b) => a - b);
  return Math.max(5 * MINUTE_MS, 2.5 * (steps[Math.floor(steps.length / 2)] ?? 0));
}

/** Runs of neighbouring steps in which both values are known, as pairs [first, last] of indices. */
export function runsOf(times: readonly number[], values: Values): [number, number][] {
  const longest = gapMs(times);
  const runs: [number, number][] = [];
  times.forEach((at, index) => {
    if (values[index] === null || values[index] === undefined) return;
    const last = runs.at(-1);
    if (last !== undefined && last[1] === index - 1 && at - times[index - 1]! <= longest) last[1] = index;
    else runs.push([index, index]);
  });
  return runs;
}

/** A path around the lowest and the highest values; where they are the same it is a line. */
export function bandPath(times: readonly number[], low: Values, high: Values, x: Scale, y: Scale): string {
  return runsOf(times, low)
    .map(([first, last]) => {
      const upper: string[] = [];
      const lower: string[] = [];
      for (let index = first; index <= last; index += 1) {
        const at = round(x.at(times[index]!));
        upper.push(`${at} ${round(y.at(high[index] ?? low[index]!))}`);
        lower.push(`${at} ${round(y.at(low[index]!))}`);
      }
      return `M${upper.join("L")}L${lower.reverse().join("L")}Z`;
    })
    .join("");
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}

/** Index of the step nearest to a time; null where there is none. */
export function nearest(times: readonly number[], ms: number): number | null {
  let found: number | null = null;
  times.forEach((at, index) => {
    if (found === null || Math.abs(at - ms) < Math.abs(times[found]! - ms)) found = index;
  });
  return found;
}
