/** What happened to a container, and where it was by that. Times in ms since 1970 UTC. */

import { boolean, fields, number, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { spaced } from "../shared/model/move.ts";
import { cycleLink, laneLink, plugLink, vehicleLink } from "../shared/routing/links.ts";
import type { Bounds } from "../shared/span/span.ts";

export type BoxEvent = NonNullable<ReturnType<typeof readEvent>>;

/** An event; null without its name, device or time. */
export function readEvent(raw: unknown) {
  const from = fields<api.ContainerEvent>(raw);
  const [event, device, time] = [text(from.event), text(from.device), timestamp(from.time)];
  if (event === null || device === null || time === null) return null;
  return {
    event,
    device,
    time,
    /** When the fact happened that it follows from: the lock of a move. */
    factAt: timestamp(from.fact_at),
    stream: text(from.stream) ?? "",
    place: text(from.place),
    confidence: number(from.confidence) ?? 1,
    checkOk: boolean(from.check_ok) ?? true,
    readAs: text(from.read_as),
  };
}

/** Parts of the terminal, from the ship to the gate. */
export const LANES = ["Ship", "Crane", "Vehicle", "Yard", "Plug", "Gate"] as const;
export type Lane = (typeof LANES)[number];

/** The part of the terminal where an event leaves the box; null: it does not move it. */
export function laneOf({ stream, place, device }: BoxEvent): Lane | null {
  if (place === null) return null;
  if (place === "vessel") return "Ship";
  if (stream === "gate") return "Gate";
  if (stream === "reefer") return "Plug";
  if (stream === "vehicle") return "Vehicle";
  return place === device ? "Crane" : "Yard";
}

/** Whether an event is one that people have to look at. */
export function isAlarm({ event }: BoxEvent): boolean {
  return event === "excursion_began" || event === "treatment_failed";
}

/** Whether it is of a cold treatment: its device is the container itself. */
export function isTreatment({ event }: BoxEvent): boolean {
  return event.startsWith("treatment_");
}

/** Whether it is certain that it happened to this box. */
export function isSure({ confidence, checkOk }: BoxEvent): boolean {
  return checkOk && confidence >= 0.9;
}

export function eventTitle({ event }: BoxEvent): string {
  return spaced(event);
}

/** Why an event may be another box's; "" where it is sure. */
export function doubt(one: BoxEvent): string {
  const share = `${Math.round(one.confidence * 100)} %`;
  if (!one.checkOk) return `${share}, read as ${one.readAs ?? "another number"}`;
  return one.confidence >= 0.9 ? "" : share;
}

export interface Where {
  state: string;
  place: string | null;
  since: number;
}

/** Where the box was after events in order of time; null: nothing of that is known. */
export function whereAfter(events: readonly BoxEvent[]): Where | null {
  return events.reduce<Where | null>((where, one) => {
    if (one.place === null) return where;
    const state = one.event === "gate_out" ? "left" : one.place === "vessel" ? "on_vessel" : "inside";
    return where?.state === state && where.place === one.place ? where : { state, place: one.place, since: one.time };
  }, null);
}

export function within(events: readonly BoxEvent[], { fromMs, toMs }: Bounds): BoxEvent[] {
  return events.filter((one) => one.time >= fromMs && one.time <= toMs);
}

/** How much of a plug, a vehicle or a lane is shown around an event. [ms] */
const AROUND_MS = 3_600_000;

/** Where more of it is shown: the cycle of a crane; a plug, a vehicle or a lane around that time. */
export function eventLink(terminal: string, one: BoxEvent): string | null {
  const around = { fromMs: one.time - AROUND_MS, toMs: one.time + AROUND_MS };
  if (isTreatment(one)) return null;
  if (one.stream === "crane") return cycleLink(terminal, one.device, one.factAt);
  if (one.stream === "reefer") return plugLink(terminal, one.device, around);
  return one.stream === "vehicle" ? vehicleLink(terminal, one.device, around) : laneLink(terminal, one.device, around);
}
