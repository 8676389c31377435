/** Reefer excursions. Times in ms since 1970 UTC. */

import { fields, number, text, timestamp } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export type Excursion = NonNullable<ReturnType<typeof readExcursion>>;

/** An excursion; null without plug or begin. */
export function readExcursion(raw: unknown) {
  const from = fields<api.Excursion>(raw);
  const [device, beganAt] = [text(from.device), timestamp(from.began_at)];
  if (device === null || beganAt === null) return null;
  return {
    device,
    containerId: text(from.container_id),
    probe: text(from.probe) ?? "",
    beganAt,
    endedAt: timestamp(from.ended_at),
    setpointDegc: number(from.setpoint_degc),
    worstDegc: number(from.worst_degc),
  };
}

/** Name of an excursion among those of a terminal. */
export function excursionKey(excursion: Excursion): string {
  return `${excursion.device}/${excursion.probe}/${excursion.beganAt}`;
}
