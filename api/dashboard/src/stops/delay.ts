/** Delays of cranes and their causes; the route of their page has the older word `stops`. Times in ms since 1970 UTC. */

import { boolean, fields, number, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";

export type Delay = NonNullable<ReturnType<typeof readDelay>>;
export type Cause = NonNullable<ReturnType<typeof readCause>>;
export type Edit = NonNullable<ReturnType<typeof readEdit>>;
export type LostEdit = NonNullable<ReturnType<typeof readLostEdit>>;

/** A delay; null without crane, begin or cause. */
export function readDelay(raw: unknown) {
  const from = fields<api.Delay>(raw);
  const [device, began, beganAt, cause] = [text(from.device), text(from.began_at), timestamp(from.began_at), text(from.cause)];
  if (device === null || began === null || beganAt === null || cause === null) return null;
  return {
    terminal: text(from.terminal) ?? "",
    device,
    beganAt,
    /** As the server wrote it: the name of this delay. */
    began,
    /** Null while it lasts. */
    endedAt: timestamp(from.ended_at),
    minutes: number(from.minutes),
    cause,
    foundCause: text(from.found_cause) ?? cause,
    /** What shows the found cause: signals or vehicles. */
    foundBy: text(from.found_by) ?? "signals",
    party: text(from.party) ?? "",
    deduct: boolean(from.deduct) ?? false,
    remark: text(from.remark),
    editedBy: text(from.edited_by),
    editedAt: timestamp(from.edited_at),
  };
}

export function readCause(raw: unknown) {
  const from = fields<api.CauseInfo>(raw);
  const id = text(from.id);
  if (id === null) return null;
  return { id, party: text(from.party) ?? "", deduct: boolean(from.deduct) ?? false, found: boolean(from.found) ?? false, text: text(from.text) ?? "" };
}

/** What a person has entered for a delay. */
export function readEdit(raw: unknown) {
  const from = fields<api.Edit>(raw);
  const cause = text(from.cause);
  return cause === null ? null : { cause, remark: text(from.remark), by: text(from.by) ?? "", at: timestamp(from.at) };
}

/** What was entered for a delay that late samples have changed: to be entered for the right one. */
export function readLostEdit(raw: unknown) {
  const from = fields<api.LostEdit>(raw);
  const [device, cause] = [text(from.device), text(from.cause)];
  if (device === null || cause === null) return null;
  return { device, beganAt: timestamp(from.began_at), cause, remark: text(from.remark), by: text(from.edited_by) ?? "", at: timestamp(from.edited_at) };
}

/** Key of a delay in a list. */
export function delayKey(delay: Delay): string {
  return `${delay.device}/${delay.began}`;
}

/** Where a cause comes from: found by signals, confirmed by a person, or entered by one. */
export type Standing = "found" | "confirmed" | "stated";

export function standing(delay: Delay): Standing {
  if (delay.editedBy === null) return "found";
  return delay.cause === delay.foundCause ? "confirmed" : "stated";
}

/** How long a delay has lasted; one that still does, until now. [ms] */
export function lengthMs(delay: Delay, nowMs: number): number {
  return Math.max(0, (delay.endedAt ?? nowMs) - delay.beganAt);
}

/** Causes in groups by who answers for them, in the order of the table. */
export function byParty(causes: readonly Cause[]): [party: string, causes: Cause[]][] {
  const groups = new Map<string, Cause[]>();
  for (const one of causes) groups.set(one.party, [...(groups.get(one.party) ?? []), one]);
  return [...groups];
}
