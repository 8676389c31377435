/** Truck visits. Times in ms since 1970 UTC. */

import { fields, text, timestamp } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export type Visit = NonNullable<ReturnType<typeof readVisit>>;

/** A visit; null without its id. */
export function readVisit(raw: unknown) {
  const from = fields<api.Visit>(raw);
  const visit = text(from.visit);
  if (visit === null) return null;
  return {
    visit,
    plate: text(from.plate),
    enteredAt: timestamp(from.entered_at),
    leftAt: timestamp(from.left_at),
    lane: text(from.lane),
    arrived: text(from.arrived_at),
    reason: text(from.reason),
  };
}

/** Its number may be absent, or that of another one: a visit is known by its first passage. */
export function visitKey({ lane, arrived }: Visit): string {
  return `${lane}/${arrived}`;
}

/** How long a truck stayed; null while that is not known. [min] */
export function stayMin(visit: Visit): number | null {
  return visit.enteredAt === null || visit.leftAt === null ? null : (visit.leftAt - visit.enteredAt) / 60_000;
}
