/** Crane cycles with their phases. Times in ms since 1970 UTC. */

import type { Move } from "../model/facts.ts";
import * as facts from "../model/facts.ts";
import { each, moment, record, text } from "../api/fields.ts";

export const PHASES = ["empty_travel", "pick", "laden_travel", "set_down"] as const;
export type PhaseName = (typeof PHASES)[number];
export const PHASE_WORDS: Record<PhaseName, string> = {
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

export function cycle(raw: unknown): Cycle | null {
  const from = record(raw);
  const move = facts.move(from["move"]);
  if (move === null) return null;
  const told = each(from["phases"], phase);
  const phases = told.length > 0 ? told : phasesOf(move);
  return { move, phases, beginMs: move.beganAt ?? move.lockedAt, endMs: move.unlockedAt };
}

/** Phases between the times of a move; a phase with an end that nobody knows is left out. */
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

/** Unlock to unlock; null where nobody knows when it began. [s] */
export function cycleS(of: Cycle): number | null {
  return of.move.beganAt === null ? null : (of.endMs - of.move.beganAt) / 1000;
}

/** Stood still in the air on either way; null where neither was told. [s] */
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
export function at(cycles: readonly Cycle[], ms: number): { cycle: Cycle; phase: Phase | null } | null {
  const inside = (one: Span): boolean => one.beginMs <= ms && ms < one.endMs;
  const found = cycles.filter(inside).sort((a, b) => b.beginMs - a.beginMs)[0];
  return found === undefined ? null : { cycle: found, phase: found.phases.find(inside) ?? null };
}

/** What a move is called: `load, 2 boxes`. */
export function words(move: Move): string {
  const kind = kindWord(move.kind);
  if (move.boxes === null || move.boxes === 0) return kind;
  return `${kind}, ${move.boxes} ${move.boxes === 1 ? "box" : "boxes"}${move.twin ? " (twin)" : ""}`;
}

export function kindWord(kind: string): string {
  return kind.replaceAll("_", " ");
}

/** How well a move is known, as people read it; "" where all of it was seen. */
export function doubt(move: Move): string {
  if (!move.inferred && move.confidence >= 1) return "";
  return `${move.inferred ? "* " : ""}${Math.round(move.confidence * 100)} %`;
}

function phase(raw: unknown): Phase | null {
  const found = span(raw);
  const name = PHASES.find((one) => one === text(record(raw)["phase"]));
  return found === null || name === undefined ? null : { phase: name, ...found };
}

function span(raw: unknown): Span | null {
  const [beginMs, endMs] = [moment(record(raw)["begin"]), moment(record(raw)["end"])];
  return beginMs === null || endMs === null || endMs < beginMs ? null : { beginMs, endMs };
}
