/** Which cycles of a crane to show: the last ten, those before, or those around one that a link names. */

import { get, pathOf, type Result } from "../shared/api/client.ts";
import { each, fields } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { stamp } from "../shared/routing/pattern.ts";
import { type Cycle, readCycle, type Span } from "./cycle.ts";
import { readTrace, stepFor, type Trace } from "./signals/trace.ts";

export const TEN = 10;
/** Enough to reach a cycle from an hour after it. */
const MANY = 100;
const AFTER_MS = 3_600_000;

/** Ten cycles that end before a time, oldest first; null: the last ten. */
export function cyclesBefore(terminal: string, device: string, before: number | null, limit = TEN): Promise<Result<Cycle[]>> {
  const read = (body: unknown): Cycle[] => each(fields<api.Cycles>(body).cycles, readCycle).sort((a, b) => a.move.lockedAt - b.move.lockedAt);
  return get(pathOf("cranes", terminal, device, "cycles"), { limit, before: stamp(before) }, read);
}

/** Ten cycles with the named one among them, where it is still there. */
export async function cyclesAround(terminal: string, device: string, lockedAt: number): Promise<Result<Cycle[]>> {
  const newest = await cyclesBefore(terminal, device, null);
  if (!newest.ok || newest.value.some((one) => one.move.lockedAt === lockedAt)) return newest;
  const many = await cyclesBefore(terminal, device, lockedAt + AFTER_MS, MANY);
  return many.ok ? { ok: true, value: around(many.value, lockedAt, TEN) } : many;
}

/** Some cycles with one in their middle; the last ones where it is not among them. */
export function around(cycles: readonly Cycle[], lockedAt: number, most: number): Cycle[] {
  const here = cycles.findIndex((one) => one.move.lockedAt === lockedAt);
  const first = here < 0 ? cycles.length - most : Math.min(here - Math.floor(most / 2), cycles.length - most);
  return cycles.slice(Math.max(0, first), Math.max(0, first) + most);
}

export function traceOf(terminal: string, device: string, span: Span): Promise<Result<Trace>> {
  const query = { from: Math.floor(span.beginMs), to: Math.ceil(span.endMs), step_ms: stepFor(span) };
  return get(pathOf("cranes", terminal, device, "trace"), query, readTrace);
}
