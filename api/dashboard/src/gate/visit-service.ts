/** One visit and what it was made of. Times in ms since 1970 UTC. */

import { get, pathOf, type Result } from "../shared/api/client.ts";
import { boolean, each, fields, number, text, texts, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { readVisit } from "../shared/model/visit.ts";
import { stamp } from "../shared/routing/pattern.ts";

export type VisitService = NonNullable<ReturnType<typeof readVisitService>>;

/** The visit of a truck that came into a lane; in or out. */
export function visitOf(terminal: string, lane: string, arrived: number): Promise<Result<VisitService | null>> {
  return get(pathOf("visits", lane, stamp(arrived)!), { terminal }, readVisitService);
}

export function readVisitService(raw: unknown) {
  const from = fields<api.VisitService>(raw);
  const visit = readVisit(from.visit);
  if (visit === null) return null;
  return {
    visit,
    wholeMin: number(from.whole_min),
    parts: partsOf(from),
    served: each(from.served, readServed),
    notSeen: texts(from.not_seen),
  };
}

export interface Part {
  name: "Gate" | "Waiting and driving" | "Service";
  minutes: number;
  /** Of the whole, 0 to 1. */
  share: number;
}

/** Those that are known. */
function partsOf(from: ReturnType<typeof fields<api.VisitService>>): Part[] {
  const gate = (number(from.gate_in_min) ?? 0) + (number(from.gate_out_min) ?? 0);
  const named: [Part["name"], number | null, number | null][] = [
    ["Gate", gate, number(from.gate_share)],
    ["Waiting and driving", number(from.waiting_min), number(from.waiting_share)],
    ["Service", number(from.service_min), number(from.service_share)],
  ];
  return named.flatMap(([name, minutes, share]) => (minutes === null || share === null ? [] : [{ name, minutes, share }]));
}

function readServed(raw: unknown) {
  const from = fields<api.ServedBox>(raw);
  const [container, device] = [text(from.container_id), text(from.device)];
  if (container === null || device === null) return null;
  return {
    container,
    device,
    brought: boolean(from.brought) ?? false,
    beganAt: timestamp(from.began_at),
    endedAt: timestamp(from.ended_at),
    afterMin: number(from.after_min),
  };
}
