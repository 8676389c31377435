/** Alarms of the REST API. */

import { get, pathOf, type Result, send } from "../shared/api/client.ts";
import { each, fields } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { type Bounds, between } from "../shared/span/span.ts";
import { type Act, type Alarm, type Condition, inOrder, readAct, readAlarm, readCondition } from "./alarm.ts";

const MOST = 1_000;

/** What a person may do about an alarm. */
export type Deed = "acknowledge" | "shelve" | "unshelve" | "comment";

export function alarmsOf(terminal: string, bounds: Bounds): Promise<Result<Alarm[]>> {
  return get("alarms", { terminal, ...between(bounds), limit: MOST }, (body) => inOrder(each(fields<api.Alarms>(body).alarms, readAlarm)));
}

export function conditions(terminal: string): Promise<Result<Condition[]>> {
  return get("alarms/conditions", { terminal }, (body) => each(fields<api.Conditions>(body).conditions, readCondition));
}

export function actsOf(alarm: Alarm): Promise<Result<Act[]>> {
  return get(pathOf("alarms", alarm.id), {}, (body) => each(fields<api.AlarmDetail>(body).acts, readAct));
}

/** @param untilMs end of a shelf. */
export function act(alarm: Alarm, deed: Deed, by: string, remark: string, untilMs: number | null): Promise<Result<Alarm>> {
  const until = untilMs === null ? {} : { until: new Date(untilMs).toISOString() };
  return send("POST", pathOf("alarms", alarm.id, deed), {}, { by, remark, ...until }, (body) => readAlarm(fields<api.AlarmDetail>(body).alarm) ?? alarm);
}
