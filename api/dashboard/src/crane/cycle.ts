/** Crane cycles with their phases. Times in ms since 1970 UTC. */

import { each, fields, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { type Move, readMove } from "../shared/model/move.ts";

export const PHASES = ["empty_travel", "pick", "laden_travel", "set_down"] as const satisfies api.Phase["phase"][];
export type PhaseName = api.Phase["phase"];
export const PHASE_NAMES: Record<PhaseName, string> = {
  empty_travel: "empty travel",
  pick: "pick",
  laden_travel: "laden travel",
  set_down: "set down",
};

export interface Span {
  beginMs: number;
  endMs: number;
}

export interface Phase extends Span {
  phase: PhaseName;
}

export interface Cycle extends Span {
  move: Move;
  phases: Phase[];
}

/** A cycle; null without its move. */
export function readCycle(raw: unknown): Cycle | null {
  const from = fields<api.Cycle>(raw);
  const move = readMove(from.move);
  if (move === null) return null;
  const read = each(from.phases, readPhase);
  const phases = read.length > 0 ? read : phasesOf(move);
  return { move, phases, beginMs: move.beganAt ?? move.lockedAt, endMs: move.unlockedAt };
}

/** Phases between the times of a move; a phase of which one end is not known is left out. */
export function phasesOf(move: Move): Phase[] {
  const ends: [PhaseName, number | null, number | null][] = [
    ["empty_travel", move.beganAt, move.lockedAt],
    ["pick", move.lockedAt, move.liftedAt],
    ["laden_travel", move.liftedAt, move.landedAt],
    ["set_down", move.landedAt, move.unlockedAt],
  ];
  return ends.flatMap(([name, beginMs, endMs]) => (beginMs === null || endMs === null ? [] : [{ phase: name, beginMs, endMs }]));
}

/** How long a phase took; null where it has none. [s] */
export function phaseS(of: Cycle, name: PhaseName): number | null {
  const found = of.phases.find((one) => one.phase === name);
  return found === undefined ? null : (found.endMs - found.beginMs) / 1000;
}

/** Unlock to unlock; null where its begin is not known. [s] */
export function cycleS(of: Cycle): number | null {
  return of.move.beganAt === null ? null : (of.endMs - of.move.beganAt) / 1000;
}

/** Stood still in the air on either way; null where neither is known. [s] */
export function waitedS(move: Move): number | null {
  if (move.waitedEmptyS === null && move.waitedLadenS === null) return null;
  return (move.waitedEmptyS ?? 0) + (move.waitedLadenS ?? 0);
}

/** From the first begin to the last end, with a margin on both sides; null without cycles. */
export function extent(cycles: readonly Span[], margin = 0.01): Span | null {
  if (cycles.length === 0) return null;
  const beginMs = Math.min(...cycles.map((one) => one.beginMs));
  const endMs = Math.max(...cycles.map((one) => one.endMs));
  const room = Math.max(1_000, (endMs - beginMs) * margin);
  return { beginMs: beginMs - room, endMs: endMs + room };
}

/** Cycle and phase in which a time lies. Cycles of a double trolley overlap: the one that began last counts. */
export function cycleAt(cycles: readonly Cycle[], ms: number): { cycle: Cycle; phase: Phase | null } | null {
  const inside = (one: Span): boolean => one.beginMs <= ms && ms < one.endMs;
  const found = cycles.filter(inside).sort((a, b) => b.beginMs - a.beginMs)[0];
  return found === undefined ? null : { cycle: found, phase: found.phases.find(inside) ?? null };
}

function readPhase(raw: unknown): Phase | null {
  const from = fields<api.Phase>(raw);
  const [beginMs, endMs] = [timestamp(from.begin), timestamp(from.end)];
  const phase = PHASES.find((one) => one === text(from.phase));
  return phase === undefined || beginMs === null || endMs === null || endMs < beginMs ? null : { phase, beginMs, endMs };
}

/** What to show of some cycles: all of them, or one with a little of its neighbours; null without cycles. */
export function visibleSpan(cycles: readonly Cycle[], chosen: Cycle | null): Span | null {
  return chosen === null ? extent(cycles) : extent([chosen], 0.08);
}
