/** Rejected messages, and the checks of the server's readiness. Times in ms since 1970 UTC. */

import { boolean, each, fields, number, record, text, timestamp } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export type Quarantined = NonNullable<ReturnType<typeof readQuarantined>>;
export type Quarantine = ReturnType<typeof readQuarantine>;
export type Check = ReturnType<typeof readChecks>[number];

/** A rejected message; null without a reason. */
function readQuarantined(raw: unknown) {
  const from = fields<api.Quarantined>(raw);
  const reason = text(from.reason);
  if (reason === null) return null;
  return { receivedAt: timestamp(from.received_at), topic: text(from.topic) ?? "", reason, detail: text(from.detail) ?? "" };
}

/** The newest rejected messages, and how many there are of each reason. */
export function readQuarantine(raw: unknown) {
  const from = fields<api.Quarantine>(raw);
  const counts = Object.entries(record(from.by_reason)).map(([reason, count]): [string, number] => [reason, number(count) ?? 0]);
  return { newest: each(from.quarantine, readQuarantined), byReason: counts.sort((a, b) => b[1] - a[1]) };
}

export function readChecks(raw: unknown) {
  return Object.entries(record(fields<api.Readiness>(raw).checks)).map(([name, value]) => {
    const from = fields<api.Check>(value);
    return { name, ok: boolean(from.ok) ?? false, detail: text(from.detail) ?? "" };
  });
}
