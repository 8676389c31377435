/** Raw signals of a crane over a span. */

import type { Span } from "../cycle.ts";
import { fields, list, number, record } from "../../shared/api/fields.ts";
import type * as api from "../../shared/api/schema.ts";
import type { Values } from "../../shared/charts/timeline.ts";

export interface Trace {
  /** Rising. [ms since 1970 UTC] */
  times: number[];
  signals: Map<string, Values>;
}

export const NO_TRACE: Trace = { times: [], signals: new Map() };

/** A span this short is read with every sample that came. */
const EVERY_SAMPLE_MS = 8 * 60_000;
const MOST_POINTS = 5_000;
const STEPS_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];

export function readTrace(raw: unknown): Trace {
  const from = fields<api.Trace>(raw);
  const times = list(from.time).flatMap((one) => number(one) ?? []);
  const signals = Object.entries(record(from.signals)).map(([name, values]): [string, Values] => [name, list(values).map(numeric)]);
  return { times, signals: new Map(signals) };
}

/** Step that keeps a drawing of a span within what a screen can show; 0 is every sample. [ms] */
export function stepFor(span: Span): number {
  const lengthMs = span.endMs - span.beginMs;
  if (lengthMs <= EVERY_SAMPLE_MS) return 0;
  return STEPS_MS.find((step) => lengthMs / step <= MOST_POINTS) ?? Math.ceil(lengthMs / MOST_POINTS);
}

/** Where a signal that is on or off was on. */
export function runs(of: Trace, name: string): Span[] {
  const values = of.signals.get(name) ?? [];
  const found: Span[] = [];
  let begin: number | null = null;
  of.times.forEach((time, index) => {
    const on = values[index] === 1;
    if (on && begin === null) begin = time;
    if (!on && begin !== null) {
      found.push({ beginMs: begin, endMs: time });
      begin = null;
    }
  });
  if (begin !== null) found.push({ beginMs: begin, endMs: of.times.at(-1) ?? begin });
  return found;
}

/** Index of the last time that is not after another; -1 before the first. */
export function indexAt(times: readonly number[], ms: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A signal as it stood at a time. */
export function valueAt(of: Trace, name: string, ms: number): number | null {
  return of.signals.get(name)?.[indexAt(of.times, ms)] ?? null;
}

/** Whether any value of a signal is known. */
export function known(of: Trace, name: string): boolean {
  return of.signals.get(name)?.some((one) => one !== null) ?? false;
}

function numeric(value: unknown): number | null {
  return typeof value === "boolean" ? Number(value) : number(value);
}
