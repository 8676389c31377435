/** Stops of cranes and their causes. Times in ms since 1970 UTC. */

import { type Answer, ask, route, send } from "../shared/api/client.ts";
import { each, figure, flag, moment, record, text } from "../shared/api/fields.ts";
import { stamp } from "../shared/routing/route.ts";

export interface Stop {
  terminal: string;
  device: string;
  beganAt: number;
  /** As the server wrote it: the name of this stop. */
  began: string;
  /** Null while it lasts. */
  endedAt: number | null;
  minutes: number | null;
  cause: string;
  foundCause: string;
  party: string;
  deduct: boolean;
  remark: string | null;
  editedBy: string | null;
  editedAt: number | null;
}

export interface Cause {
  id: string;
  party: string;
  deduct: boolean;
  found: boolean;
  text: string;
}

export interface Edit {
  cause: string;
  remark: string | null;
  by: string;
  at: number | null;
}

const MOST = 500;

export interface Stops {
  stops: Stop[];
  /** What was said of stops that late samples have changed: to be said again of the right one. */
  lost: Lost[];
}

export interface Lost extends Edit {
  device: string;
  beganAt: number | null;
}

export function stopsSince(terminal: string, device: string | null, fromMs: number): Promise<Answer<Stops>> {
  return ask("delays", { terminal, device, from: stamp(fromMs), limit: MOST }, (body) => ({
    stops: newestFirst(each(record(body)["delays"], stop)),
    lost: each(record(body)["lost_edits"], lost),
  }));
}

/** Confirm the found causes of all stops that ended since a time and of which nobody has said anything; how many. */
export function confirmSince(terminal: string, device: string | null, fromMs: number, toMs: number, by: string): Promise<Answer<number>> {
  const query = { terminal, device, from: stamp(fromMs), to: stamp(toMs) };
  return send("POST", "delays/confirm", query, { by }, (body) => figure(record(body)["confirmed"]) ?? 0);
}

/** What is taken off net hours is for each terminal to decide. */
export function allCauses(terminal: string): Promise<Answer<Cause[]>> {
  return ask("causes", { terminal }, (body) => each(record(body)["causes"], cause));
}

export function editsOf(one: Stop): Promise<Answer<Edit[]>> {
  return ask(`${place(one)}/edits`, {}, (body) => each(record(body)["edits"], edit));
}

/** Say what a stop was; the found cause again confirms it. */
export function say(one: Stop, cause: string, by: string, remark: string): Promise<Answer<Stop>> {
  return send("PUT", place(one), {}, { cause, by, ...(remark === "" ? {} : { remark }) }, (body) => stop(body) ?? one);
}

export function stop(raw: unknown): Stop | null {
  const from = record(raw);
  const device = text(from["device"]);
  const began = text(from["began_at"]);
  const beganAt = moment(began);
  const told = text(from["cause"]);
  if (device === null || began === null || beganAt === null || told === null) return null;
  return {
    terminal: text(from["terminal"]) ?? "",
    device,
    beganAt,
    began,
    endedAt: moment(from["ended_at"]),
    minutes: figure(from["minutes"]),
    cause: told,
    foundCause: text(from["found_cause"]) ?? told,
    party: text(from["party"]) ?? "",
    deduct: flag(from["deduct"]) ?? false,
    remark: text(from["remark"]),
    editedBy: text(from["edited_by"]),
    editedAt: moment(from["edited_at"]),
  };
}

export function cause(raw: unknown): Cause | null {
  const from = record(raw);
  const id = text(from["id"]);
  if (id === null) return null;
  return { id, party: text(from["party"]) ?? "", deduct: flag(from["deduct"]) ?? false, found: flag(from["found"]) ?? false, text: text(from["text"]) ?? "" };
}

/** Key of a stop in a list. */
export function keyOf(one: Stop): string {
  return `${one.device}/${one.began}`;
}

/** Where a cause comes from. */
export type Standing = "found" | "confirmed" | "said";

export function standing(one: Stop): Standing {
  if (one.editedBy === null) return "found";
  return one.cause === one.foundCause ? "confirmed" : "said";
}

/** How long a stop has lasted; one that still does, until now. [ms] */
export function lengthMs(one: Stop, nowMs: number): number {
  return Math.max(0, (one.endedAt ?? nowMs) - one.beganAt);
}

/** Causes in groups by who answers for them, in the order of the table. */
export function byParty(causes: readonly Cause[]): [party: string, causes: Cause[]][] {
  const groups = new Map<string, Cause[]>();
  for (const one of causes) groups.set(one.party, [...(groups.get(one.party) ?? []), one]);
  return [...groups];
}

function newestFirst(stops: Stop[]): Stop[] {
  return stops.sort((a, b) => b.beganAt - a.beganAt);
}

function place(one: Stop): string {
  return route("delays", one.terminal, one.device, one.began);
}

function lost(raw: unknown): Lost | null {
  const from = record(raw);
  const [device, told] = [text(from["device"]), text(from["cause"])];
  if (device === null || told === null) return null;
  return { device, beganAt: moment(from["began_at"]), cause: told, remark: text(from["remark"]), by: text(from["edited_by"]) ?? "", at: moment(from["edited_at"]) };
}

function edit(raw: unknown): Edit | null {
  const from = record(raw);
  const told = text(from["cause"]);
  return told === null ? null : { cause: told, remark: text(from["remark"]), by: text(from["by"]) ?? "", at: moment(from["at"]) };
}
