/** The span of time that a page shows: live, or from one moment to another. It stands in the link, so that a link shows what was seen. */

import type { Query } from "../api/client.ts";
import { fromTo, zoneAt } from "../format/times.ts";
import { stamp } from "../routing/pattern.ts";

/** The parameters of a page's pattern that hold its span: `pattern("gate/:terminal", ...SPAN)`. */
export const SPAN = ["from?time", "to?time"] as const;

/** What a route with them holds. Without both it is live. [ms since 1970 UTC] */
export interface SpanRoute {
  from: number | null;
  to: number | null;
}

/** A span that does not move. [ms since 1970 UTC] */
export interface Bounds {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a link means: bounds, or null for live; `problem` is why its span cannot be shown, and what to do. */
export interface LinkedSpan {
  bounds: Bounds | null;
  problem: string | null;
}

const HOUR_MS = 3_600_000;

export function linkedSpan({ from, to }: SpanRoute): LinkedSpan {
  if (from === null && to === null) return { bounds: null, problem: null };
  if (from === null || to === null) return { bounds: null, problem: "The link has only one end of a span: choose one, or stay live." };
  if (from >= to) return { bounds: null, problem: "The link's span ends before it begins: choose one, or stay live." };
  return { bounds: { fromMs: from, toMs: to }, problem: null };
}

/** A route with another span; null: live. */
export function withSpan<Route extends object>(route: Route, bounds: Bounds | null): Route {
  return "from" in route && "to" in route ? { ...route, from: bounds?.fromMs ?? null, to: bounds?.toMs ?? null } : route;
}

/** A route with the span of the page that is left, where both pages have one. */
export function withSpanOf<Route extends object>(route: Route, left: object): Route {
  const { from, to } = left as Partial<SpanRoute>;
  return from === undefined || to === undefined ? route : withSpan(route, linkedSpan({ from, to }).bounds);
}

/** A span that ends now. */
export interface Preset {
  readonly name: string;
  /** Its bounds, to the second. */
  readonly until: (nowMs: number) => Bounds;
}

/** @param shiftBeganAt null: the terminal has no shifts, or they are not read yet. */
export function presets(shiftBeganAt: number | null): Preset[] {
  const last = (lengthMs: number) => (nowMs: number): Bounds => ({ fromMs: second(nowMs) - lengthMs, toMs: second(nowMs) });
  const shift = shiftBeganAt === null ? [] : [{ name: "This shift", until: (nowMs: number) => ({ fromMs: shiftBeganAt, toMs: second(nowMs) }) }];
  return [{ name: "Last hour", until: last(HOUR_MS) }, ...shift, { name: "Last day", until: last(24 * HOUR_MS) }];
}

function second(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** What is wrong with bounds that a person has written; null: nothing. */
export function spanProblem(fromMs: number | null, toMs: number | null, nowMs: number): string | null {
  if (fromMs === null || toMs === null) return "Write both ends with day and time.";
  if (fromMs >= toMs) return "The span ends before it begins: write an earlier beginning or a later end.";
  if (fromMs >= nowMs) return "The span has not begun yet: write an earlier beginning.";
  return null;
}

/** Bounds as people read them: 28 Nov 13:00 – 14:00 GMT-5. */
export function spanText({ fromMs, toMs }: Bounds): string {
  return `${fromTo(fromMs, toMs)} ${zoneAt(fromMs)}`;
}

/** Query parameters of a request for what touches a span. */
export function between({ fromMs, toMs }: Bounds): Query {
  return { from: stamp(fromMs), to: stamp(toMs) };
}
