/** Requests for containers. */

import { get, pathOf, type Result, send } from "../shared/api/client.ts";
import { each, fields } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { stamp } from "../shared/routing/pattern.ts";
import { type Conflict, readConflict } from "./conflicts/conflict.ts";
import { type ContainerDetail, type Found, readDetail, readFound } from "./container.ts";
import { type BoxEvent, readEvent } from "./event.ts";
import { readTreatment, type Treatment } from "./treatment.ts";

const MOST_EVENTS = 1_000;
const MOST_CONFLICTS = 500;

export function search(terminal: string, q: string | null, state: string | null, limit: number): Promise<Result<Found>> {
  return get("containers", { terminal, q, state, limit }, readFound);
}

export interface Box {
  detail: ContainerDetail;
  /** Oldest first. */
  events: BoxEvent[];
  conflicts: Conflict[];
  treatments: Treatment[];
}

/** All that is known of one container. */
export async function boxOf(terminal: string, container: string): Promise<Result<Box>> {
  const [detail, events, conflicts, treatments] = await Promise.all([
    get(pathOf("containers", container), { terminal }, readDetail),
    get(pathOf("containers", container, "events"), { terminal, limit: MOST_EVENTS }, (body) => each(fields<api.ContainerEvents>(body).events, readEvent)),
    get(pathOf("containers", container, "conflicts"), { terminal }, conflictsIn),
    get("treatments", { terminal, container_id: container }, (body) => each(fields<api.Treatments>(body).treatments, readTreatment)),
  ]);
  for (const one of [detail, events, conflicts]) if (!one.ok) return one;
  if (!detail.ok || !events.ok || !conflicts.ok || detail.value === null) return { ok: false, status: 404, message: `Nothing is known of ${container}.` };
  return { ok: true, value: { detail: detail.value, events: events.value, conflicts: conflicts.value, treatments: treatments.ok ? treatments.value : [] } };
}

/** Conflicts of a terminal, newest first. */
export function conflictsOf(terminal: string, resolved: boolean): Promise<Result<Conflict[]>> {
  return get("conflicts", { terminal, resolved: String(resolved), limit: MOST_CONFLICTS }, conflictsIn);
}

function conflictsIn(body: unknown): Conflict[] {
  return each(fields<api.Conflicts>(body).conflicts, readConflict);
}

/** State what was found out about a conflict. */
export function resolve(terminal: string, { container, kind, time }: Conflict, by: string, remark: string): Promise<Result<Conflict | null>> {
  const body: api.Resolution = { by, remark };
  return send("PUT", pathOf("containers", container, "conflicts", kind, stamp(time)!), { terminal }, body, readConflict);
}
