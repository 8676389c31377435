/** What a KPI value is made of. Times in ms since 1970 UTC. */

import { type Answer, ask, route } from "../shared/api/client.ts";
import type { Move, Visit } from "../shared/model/facts.ts";
import * as facts from "../shared/model/facts.ts";
import { each, figure, flag, moment, record, text } from "../shared/api/fields.ts";
import { fixed } from "../shared/format/figures.ts";
import { type Route, stamp } from "../shared/routing/route.ts";

export interface Term {
  name: string;
  label: string;
  value: number | null;
  unit: string;
}

export interface Excluded {
  device: string;
  beganAt: number | null;
  endedAt: number | null;
  minutes: number | null;
  cause: string;
  party: string;
  /** A person has said the cause. */
  said: boolean;
}

export interface Explanation {
  kpi: string;
  title: string;
  subject: string;
  window: string;
  beginMs: number | null;
  endMs: number | null;
  value: number | null;
  unit: string;
  state: string | null;
  formula: string;
  filled: string;
  source: string;
  definition: string;
  terms: Term[];
  counted: Move[];
  notCounted: { move: Move; reason: string }[];
  excluded: Excluded[];
  /** Stops that were counted, of those KPIs that count them. */
  stops: Excluded[];
  visits: Visit[];
  /** Moves too many to be listed. */
  leftOff: number;
}

export type KpiPlace = Extract<Route, { view: "kpi" }>;

export function explanationOf(place: KpiPlace): Promise<Answer<Explanation>> {
  const query = { terminal: place.terminal, subject: place.subject, window: place.window, at: stamp(place.at) };
  return ask(`${route("kpis", place.kpi)}/explain`, query, explanation);
}

export function explanation(raw: unknown): Explanation {
  const from = record(raw);
  const words = (key: string): string => text(from[key]) ?? "";
  return {
    kpi: words("kpi"),
    title: words("title") || words("kpi"),
    subject: words("subject"),
    window: words("window"),
    beginMs: moment(from["begin"]),
    endMs: moment(from["end"]),
    value: figure(from["value"]),
    unit: words("unit"),
    state: text(from["state"]),
    formula: words("formula"),
    filled: words("filled"),
    source: words("source"),
    definition: words("definition"),
    terms: each(from["terms"], term),
    counted: each(from["counted"], facts.move).reverse(),
    notCounted: each(from["not_counted"], notCounted).reverse(),
    excluded: each(from["excluded"], excluded).reverse(),
    stops: each(from["stops"], excluded).reverse(),
    visits: each(from["visits"], facts.visit).reverse(),
    leftOff: figure(from["left_off"]) ?? 0,
  };
}

/** Lifts by kind, and boxes in all, since a lift may carry two: `20 lifts (12 discharge, 8 load) with 23 boxes in all`. */
export function liftsAndBoxes(moves: readonly Move[]): string {
  const lifts = new Map<string, number>();
  for (const one of moves) lifts.set(one.kind, (lifts.get(one.kind) ?? 0) + 1);
  const kinds = [...lifts].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${fixed(count)} ${kind.replaceAll("_", " ")}`);
  const boxes = moves.reduce((sum, one) => sum + (one.boxes ?? 0), 0);
  return `${some(moves.length, "lift")} (${kinds.join(", ")}) with ${some(boxes, "box")} in all`;
}

/** Whether the server refused a link because its moment has not come: clocks differ by a minute or so. */
export function notYet(status: number, at: number | null, nowMs: number): boolean {
  return status === 400 && at !== null && at > nowMs - 60_000;
}

function some(count: number, what: string): string {
  return `${fixed(count)} ${what}${count === 1 ? "" : what.endsWith("x") ? "es" : "s"}`;
}

/** Minutes of each cause, the longest first. */
export function byCause(some: readonly { cause: string; minutes: number | null }[]): [cause: string, minutes: number][] {
  const sums = new Map<string, number>();
  for (const one of some) sums.set(one.cause, (sums.get(one.cause) ?? 0) + (one.minutes ?? 0));
  return [...sums].sort((a, b) => b[1] - a[1]);
}

/** What `final` and `provisional` mean to a reader. */
export function stateWords(state: string | null): string {
  if (state === "final") return "Final: people have said the causes of all stops that it holds, or it holds none.";
  if (state === "provisional") return "Provisional: it holds stops of which nobody has said the cause yet.";
  return "";
}

function term(raw: unknown): Term | null {
  const from = record(raw);
  const name = text(from["name"]) ?? text(from["label"]);
  if (name === null) return null;
  return { name, label: text(from["label"]) ?? name.replaceAll("_", " "), value: figure(from["value"]), unit: text(from["unit"]) ?? "" };
}

function notCounted(raw: unknown): { move: Move; reason: string } | null {
  const move = facts.move(record(raw)["move"]);
  return move === null ? null : { move, reason: text(record(raw)["reason"]) ?? "" };
}

function excluded(raw: unknown): Excluded | null {
  const from = record(raw);
  const name = text(from["device"]);
  if (name === null) return null;
  return {
    device: name,
    beganAt: moment(from["began_at"]),
    endedAt: moment(from["ended_at"]),
    minutes: figure(from["minutes"]),
    cause: text(from["cause"]) ?? "",
    party: text(from["party"]) ?? "",
    said: flag(from["said"]) ?? false,
  };
}
