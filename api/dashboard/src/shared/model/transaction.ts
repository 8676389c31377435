/** Trucks through gate lanes. Times in ms since 1970 UTC. */

import { boolean, fields, text, timestamp } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export type Transaction = NonNullable<ReturnType<typeof readTransaction>>;

/** A transaction; null without its lane or its beginning. */
export function readTransaction(raw: unknown) {
  const from = fields<api.Transaction>(raw);
  const [lane, enteredAt] = [text(from.device), timestamp(from.entered_at)];
  if (lane === null || enteredAt === null) return null;
  return {
    lane,
    enteredAt,
    openedAt: timestamp(from.opened_at),
    leftAt: timestamp(from.left_at),
    direction: text(from.direction),
    plate: text(from.plate),
    trouble: boolean(from.trouble) ?? false,
    reason: text(from.reason),
  };
}

/** A truck as far as it was known in a lane, and when it was there. */
export interface LastTruck {
  plate: string;
  at: number;
}

/** Of each lane the truck that came last with a plate that was read. */
export function lastTrucks(transactions: readonly Transaction[]): Map<string, LastTruck> {
  const last = new Map<string, LastTruck>();
  for (const { lane, plate, enteredAt } of transactions) {
    if (plate !== null && enteredAt >= (last.get(lane)?.at ?? 0)) last.set(lane, { plate, at: enteredAt });
  }
  return last;
}
