/** Contradictions among the events of a container, and what people found out about them. Times in ms since 1970 UTC. */

import { fields, text, timestamp } from "../../shared/api/fields.ts";
import type * as api from "../../shared/api/schema.ts";

export type Conflict = NonNullable<ReturnType<typeof readConflict>>;

export function readConflict(raw: unknown) {
  const from = fields<api.Conflict>(raw);
  const [container, kind, time] = [text(from.container_id), text(from.kind), timestamp(from.time)];
  if (container === null || kind === null || time === null) return null;
  return {
    container,
    kind,
    /** Of the event that cannot be after the one before. */
    time,
    beforeAt: timestamp(from.before_at),
    /** Both events, in words. */
    detail: text(from.detail) ?? "",
    remark: text(from.remark),
    resolvedBy: text(from.resolved_by),
    resolvedAt: timestamp(from.resolved_at),
  };
}

export function conflictKey({ container, kind, time }: Conflict): string {
  return `${container}/${kind}/${time}`;
}

const MEANINGS: Record<string, string> = {
  arrived_twice: "It comes while it is here already: there are two, or a number is misread.",
  seen_after_leaving: "It is seen inside after it has left, and did not come back.",
  left_without_arriving: "It leaves, and nothing was seen of it before.",
  two_plugs: "It is plugged in on one plug while it is on another one.",
};

/** What a kind of conflict means; "" of one that this page does not know. */
export function meaning(kind: string): string {
  return MEANINGS[kind] ?? "";
}
