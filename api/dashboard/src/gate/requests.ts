/** What the page of the gate reads. */

import { get, pathOf, type Result } from "../shared/api/client.ts";
import { each, fields, list, number } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { readTransaction, type Transaction } from "../shared/model/transaction.ts";
import { readVisit, type Visit } from "../shared/model/visit.ts";
import { type Bounds, between } from "../shared/span/span.ts";
import { LONGEST_VISIT_MS } from "./figures.ts";

/** So many rows of each kind are read at most, the newest. */
export const MOST = 10_000;
const MOST_POINTS = 720;
const MINUTE_S = 60;

export type Point = [ms: number, value: number | null];

export interface GateRead {
  bounds: Bounds;
  transactions: Transaction[];
  /** Those that ended in the span or a day around it, or began there and last. */
  visits: Visit[];
  queue: Point[];
  inside: Point[];
}

/** All of it, or why one of the reads failed. */
export async function readGate(terminal: string, bounds: Bounds): Promise<Result<GateRead>> {
  const around = { fromMs: bounds.fromMs - LONGEST_VISIT_MS, toMs: bounds.toMs + LONGEST_VISIT_MS };
  const [transactions, visits, queue, inside] = await Promise.all([
    get("gate/transactions", { terminal, ...between(bounds), limit: MOST }, (body) => each(fields<api.Transactions>(body).transactions, readTransaction)),
    get("visits", { terminal, ...between(around), limit: MOST }, (body) => each(fields<api.Visits>(body).visits, readVisit)),
    history(terminal, "gate_queue_length", bounds),
    history(terminal, "trucks_in_terminal", bounds),
  ]);
  for (const one of [transactions, visits, queue, inside]) if (!one.ok) return one;
  const value = <T>(result: Result<T[]>): T[] => (result.ok ? result.value : []);
  return { ok: true, value: { bounds, transactions: value(transactions), visits: value(visits), queue: value(queue), inside: value(inside) } };
}

function history(terminal: string, kpi: string, bounds: Bounds): Promise<Result<Point[]>> {
  const step = Math.max(1, Math.ceil((bounds.toMs - bounds.fromMs) / 1000 / MINUTE_S / MOST_POINTS)) * MINUTE_S;
  return get(`${pathOf("kpis", kpi)}/history`, { terminal, ...between(bounds), step }, (body) => each(fields<api.KpiHistory>(body).points, point));
}

function point(pair: unknown): Point | null {
  const [ms, value] = list(pair);
  const at = number(ms);
  return at === null ? null : [at, number(value)];
}
