/** Vessel calls. Times in ms since 1970 UTC. */

import { type Answer, ask } from "../shared/api/client.ts";
import { each, figure, moment, record, text, texts } from "../shared/api/fields.ts";

export interface Assignment {
  crane: string;
  from: number | null;
  until: number | null;
}

export interface Call {
  terminal: string;
  id: string;
  vessel: string | null;
  berth: string | null;
  firstLineAt: number | null;
  allFastAt: number | null;
  lastLineAt: number | null;
  plannedCompletionAt: number | null;
  /** Boxes planned of each kind. */
  planned: [kind: string, boxes: number][];
  assignments: Assignment[];
  problems: string[];
}

export function callsOf(terminal: string): Promise<Answer<Call[]>> {
  return ask("calls", { terminal }, (body) => inOrder(each(record(body)["calls"], call)));
}

export function call(raw: unknown): Call | null {
  const from = record(raw);
  const id = text(from["call_id"]);
  if (id === null) return null;
  return {
    terminal: text(from["terminal"]) ?? "",
    id,
    vessel: text(from["vessel"]),
    berth: text(from["berth"]),
    firstLineAt: moment(from["first_line_at"]),
    allFastAt: moment(from["all_fast_at"]),
    lastLineAt: moment(from["last_line_at"]),
    plannedCompletionAt: moment(from["planned_completion_at"]),
    planned: Object.entries(record(from["planned"])).flatMap(([kind, boxes]): [string, number][] => {
      const many = figure(boxes);
      return many === null ? [] : [[kind, many]];
    }),
    assignments: each(from["assignments"], assignment),
    problems: texts(from["problems"]),
  };
}

/** Where a call is in its life. */
export type Stage = "expected" | "alongside" | "left";

export function stage(of: Call, nowMs: number): Stage {
  if (of.lastLineAt !== null && of.lastLineAt <= nowMs) return "left";
  const come = of.firstLineAt ?? of.allFastAt ?? earliest(of);
  return come !== null && come <= nowMs ? "alongside" : "expected";
}

/** Boxes planned in all; null without a plan. */
export function plannedBoxes(of: Call): number | null {
  return of.planned.length === 0 ? null : of.planned.reduce((sum, [, boxes]) => sum + boxes, 0);
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
function inOrder(calls: Call[]): Call[] {
  const rank = { alongside: 0, expected: 1, left: 2 };
  const nowMs = Date.now();
  const key = (one: Call): number => one.firstLineAt ?? one.allFastAt ?? earliest(one) ?? 0;
  return calls.sort((a, b) => rank[stage(a, nowMs)] - rank[stage(b, nowMs)] || key(b) - key(a));
}

function earliest(of: Call): number | null {
  const begins = of.assignments.flatMap((one) => one.from ?? []);
  return begins.length === 0 ? null : Math.min(...begins);
}

function assignment(raw: unknown): Assignment | null {
  const from = record(raw);
  const crane = text(from["crane"]);
  return crane === null ? null : { crane, from: moment(from["from"]), until: moment(from["until"]) };
}
