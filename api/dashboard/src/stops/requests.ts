/** Delays, causes and edits of the REST API. */

import { get, pathOf, type Result, send } from "../shared/api/client.ts";
import { each, fields, number } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { type Bounds, between } from "../shared/span/span.ts";
import { type Cause, type Delay, type Edit, type LostEdit, readCause, readDelay, readEdit, readLostEdit } from "./delay.ts";

const MOST = 500;

export interface Delays {
  /** Newest first. */
  delays: Delay[];
  lostEdits: LostEdit[];
}

/** Which delays: of all cranes or one, over a span. */
export interface Scope {
  terminal: string;
  device: string | null;
  bounds: Bounds;
}

export function delaysOf({ terminal, device, bounds }: Scope): Promise<Result<Delays>> {
  return get("delays", { terminal, device, ...between(bounds), limit: MOST }, (body) => ({
    delays: each(fields<api.Delays>(body).delays, readDelay).sort((a, b) => b.beganAt - a.beganAt),
    lostEdits: each(fields<api.Delays>(body).lost_edits, readLostEdit),
  }));
}

/** Confirm the found causes of all delays that have ended and have no edit; how many. */
export function confirmAll({ terminal, device, bounds }: Scope, by: string): Promise<Result<number>> {
  const query = { terminal, device, ...between(bounds) };
  const body: api.Confirmation = { by };
  return send("POST", "delays/confirm", query, body, (answer) => number(fields<api.Confirmed>(answer).confirmed) ?? 0);
}

/** What is taken off net hours is for each terminal to decide. */
export function causesOf(terminal: string): Promise<Result<Cause[]>> {
  return get("causes", { terminal }, (body) => each(fields<api.Causes>(body).causes, readCause));
}

export function editsOf(delay: Delay): Promise<Result<Edit[]>> {
  return get(`${pathTo(delay)}/edits`, {}, (body) => each(fields<api.Edits>(body).edits, readEdit));
}

/** Enter the cause of a delay; the found cause confirms it. */
export function enterCause(delay: Delay, cause: string, by: string, remark: string): Promise<Result<Delay>> {
  const body = { cause, by, ...(remark === "" ? {} : { remark }) };
  return send("PUT", pathTo(delay), {}, body, (answer) => readDelay(answer) ?? delay);
}

function pathTo(delay: Delay): string {
  return pathOf("delays", delay.terminal, delay.device, delay.began);
}
