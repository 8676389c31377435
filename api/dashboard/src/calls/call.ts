/** Vessel calls. Times in ms since 1970 UTC. */

import { get, type Result } from "../shared/api/client.ts";
import { each, fields, number, record, text, texts, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";

export type Call = NonNullable<ReturnType<typeof readCall>>;
export type Assignment = NonNullable<ReturnType<typeof readAssignment>>;

export function callsOf(terminal: string): Promise<Result<Call[]>> {
  return get("calls", { terminal }, (body) => inOrder(each(fields<api.PortCalls>(body).calls, readCall), Date.now()));
}

/** A call; null without its id. */
export function readCall(raw: unknown) {
  const from = fields<api.PortCall>(raw);
  const id = text(from.call_id);
  if (id === null) return null;
  return {
    terminal: text(from.terminal) ?? "",
    id,
    vessel: text(from.vessel),
    berth: text(from.berth),
    firstLineAt: timestamp(from.first_line_at),
    allFastAt: timestamp(from.all_fast_at),
    lastLineAt: timestamp(from.last_line_at),
    plannedCompletionAt: timestamp(from.planned_completion_at),
    /** Boxes planned of each kind. */
    planned: Object.entries(record(from.planned)).flatMap(([kind, boxes]): [kind: string, boxes: number][] => {
      const count = number(boxes);
      return count === null ? [] : [[kind, count]];
    }),
    assignments: each(from.assignments, readAssignment),
    problems: texts(from.problems),
  };
}

function readAssignment(raw: unknown) {
  const from = fields<api.Assigned>(raw);
  const crane = text(from.crane);
  return crane === null ? null : { crane, from: timestamp(from.from), until: timestamp(from.until) };
}

/** Where a call is in its life. */
export type Stage = "expected" | "alongside" | "left";

export function stage(call: Call, nowMs: number): Stage {
  if (call.lastLineAt !== null && call.lastLineAt <= nowMs) return "left";
  const began = beganAt(call);
  return began !== null && began <= nowMs ? "alongside" : "expected";
}

/** Boxes planned in all; null without a plan. */
export function plannedBoxes(call: Call): number | null {
  return call.planned.length === 0 ? null : call.planned.reduce((sum, [, boxes]) => sum + boxes, 0);
}

export interface Progress {
  done: number;
  planned: number;
  /** Between 0 and 1; more boxes than planned fill the bar and no more. */
  share: number;
}

/** How far a call has come; null where work or plan are not known. */
export function progress(done: number | null, planned: number | null): Progress | null {
  if (done === null || planned === null || planned <= 0) return null;
  return { done, planned, share: Math.min(1, Math.max(0, done / planned)) };
}

/** Ships alongside first, then those to come, then those that left; the newest first. */
function inOrder(calls: Call[], nowMs: number): Call[] {
  const rank = { alongside: 0, expected: 1, left: 2 };
  const began = (one: Call): number => beganAt(one) ?? 0;
  return calls.sort((a, b) => rank[stage(a, nowMs)] - rank[stage(b, nowMs)] || began(b) - began(a));
}

/** First line, all fast, or the first crane's assignment. */
function beganAt(call: Call): number | null {
  const assigned = call.assignments.flatMap((one) => one.from ?? []);
  return call.firstLineAt ?? call.allFastAt ?? (assigned.length === 0 ? null : Math.min(...assigned));
}
