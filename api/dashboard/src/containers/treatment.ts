/** Cold treatments of a container. Times in ms since 1970 UTC. */

import { each, fields, number, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";

export type Run = NonNullable<ReturnType<typeof readRun>>;

function readRun(raw: unknown) {
  const from = fields<api.TreatmentRun>(raw);
  const [beganAt, verdict] = [timestamp(from.began_at), text(from.verdict)];
  if (beganAt === null || verdict === null) return null;
  return {
    beganAt,
    verdict,
    levelDegc: number(from.level),
    doneH: number(from.done_h),
    leftH: number(from.left_h),
    breachAt: timestamp(from.breach_at),
    breachSensor: text(from.breach_sensor),
    endedAt: timestamp(from.ended_at),
  };
}

export type Treatment = NonNullable<ReturnType<typeof readTreatment>>;

export function readTreatment(raw: unknown) {
  const from = fields<api.AnnouncedTreatment>(raw);
  const schedule = text(from.schedule);
  return schedule === null ? null : { schedule, problem: text(from.problem), runs: each(from.runs, readRun) };
}
