/** Alarms and what people did about them. Times in ms since 1970 UTC. */

import { fields, number, text, texts, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";

export type Alarm = NonNullable<ReturnType<typeof readAlarm>>;
export type Act = NonNullable<ReturnType<typeof readAct>>;
export type Condition = NonNullable<ReturnType<typeof readCondition>>;

/** An alarm; null without id or time. */
export function readAlarm(raw: unknown) {
  const from = fields<api.Alarm>(raw);
  const [id, raisedAt] = [text(from.id), timestamp(from.raised_at)];
  if (id === null || raisedAt === null) return null;
  return {
    id,
    name: text(from.alarm) ?? "",
    subject: text(from.subject) ?? "",
    severity: text(from.severity) ?? "low",
    raisedAt,
    /** Null while it is active. */
    clearedAt: timestamp(from.cleared_at),
    acknowledgedAt: timestamp(from.acknowledged_at),
    acknowledgedBy: text(from.acknowledged_by),
    /** Null where it is not shelved now. */
    shelvedUntil: timestamp(from.shelved_until),
    shelvedBy: text(from.shelved_by),
    members: texts(from.members),
  };
}

export function readAct(raw: unknown) {
  const from = fields<api.AlarmAct>(raw);
  const [act, by] = [text(from.act), text(from.by)];
  return act === null || by === null ? null : { act, by, at: timestamp(from.at), until: timestamp(from.until), remark: text(from.remark) };
}

/** A row of the table of conditions: what an alarm means, and what to do. */
export function readCondition(raw: unknown) {
  const from = fields<api.ConditionAnswer>(raw);
  const id = text(from.id);
  return id === null ? null : { id, text: text(from.text) ?? "", response: text(from.response) ?? "", delayS: number(from.delay_s) ?? 0 };
}

/** Where an alarm stands between the terminal and its people. Source: ISA-18.2. */
export type Standing = "unacknowledged" | "acknowledged" | "cleared" | "over" | "shelved";

export function standing(alarm: Alarm): Standing {
  if (alarm.shelvedUntil !== null) return "shelved";
  if (alarm.clearedAt === null) return alarm.acknowledgedAt === null ? "unacknowledged" : "acknowledged";
  return alarm.acknowledgedAt === null ? "cleared" : "over";
}

const ORDER: readonly Standing[] = ["unacknowledged", "acknowledged", "cleared", "over", "shelved"];
const SEVERITIES = ["critical", "high", "medium", "low"];

/** What needs somebody first: active ones nobody has seen, the most severe of them, the newest of these. */
export function inOrder(alarms: readonly Alarm[]): Alarm[] {
  const rank = (one: Alarm): number => ORDER.indexOf(standing(one)) * SEVERITIES.length + SEVERITIES.indexOf(one.severity);
  return [...alarms].sort((a, b) => rank(a) - rank(b) || b.raisedAt - a.raisedAt);
}
