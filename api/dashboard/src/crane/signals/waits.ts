/** Where a crane waited: spans of its cycles in which hoist and trolley stood still in the air. */

import type { Cycle, Span } from "../cycle.ts";
import { indexAt, type Trace } from "./trace.ts";
import type { Values } from "../../shared/charts/timeline.ts";
import { MOTION_M } from "../../shared/model/constants.ts";

/** Shorter ones are the turning points of a travel. [ms] */
const LEAST_MS = 4_000;
/** Nothing is known of a longer silence between samples. [ms] */
const GAP_MS = 10_000;

/** Waits of cycles, as their samples show them; the server has only how long they were in all. */
export function waits(of: Trace, cycles: readonly Cycle[]): Span[] {
  const travels = cycles.flatMap((one) => one.phases).filter((one) => one.phase === "empty_travel" || one.phase === "laden_travel");
  return travels.flatMap((one) => still(of, one));
}

function still(of: Trace, within: Span): Span[] {
  const [hoist, trolley, landed] = ["hoist_height_m", "trolley_position_m", "landed"].map((name) => of.signals.get(name));
  const found: Span[] = [];
  let begin: number | null = null;
  const close = (endMs: number): void => {
    if (begin !== null && endMs - begin >= LEAST_MS) found.push({ beginMs: begin, endMs });
    begin = null;
  };
  const first = Math.max(1, indexAt(of.times, within.beginMs) + 1);
  const last = indexAt(of.times, within.endMs);
  for (let index = first; index <= last; index++) {
    const [before, time] = [of.times[index - 1]!, of.times[index]!];
    const stands = landed?.[index] !== 1 && time - before < GAP_MS && !moved(hoist, index) && !moved(trolley, index);
    if (stands) begin ??= Math.max(before, within.beginMs);
    else close(before);
  }
  close(of.times[last] ?? within.endMs);
  return found;
}

function moved(values: Values | undefined, index: number): boolean {
  const [before, now] = [values?.[index - 1] ?? null, values?.[index] ?? null];
  return before === null || now === null || Math.abs(now - before) >= MOTION_M;
}
