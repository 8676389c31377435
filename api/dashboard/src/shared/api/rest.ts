/** The REST routes the page reads. Each request has a time limit; a failure is null, and the caller asks again later. */

import type { Excursion, KpiInfo, KpiValue, Move, Quarantined, Terminal, Visit } from "../model/facts.ts";
import * as facts from "../model/facts.ts";
import { each, figure, list, record } from "./fields.ts";

const PATIENCE_MS = 10_000;

async function get(path: string, query: Record<string, string | number> = {}): Promise<unknown> {
  const parameters = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  const url = `/api/v1/${path}${parameters.size > 0 ? `?${parameters}` : ""}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function rows<T>(
  path: string,
  key: string,
  query: Record<string, string | number>,
  read: (one: unknown) => T | null,
): Promise<T[] | null> {
  const answer = await get(path, query);
  return answer === null ? null : each(record(answer)[key], read);
}

export async function terminals(): Promise<Terminal[] | null> {
  const answer = await get("terminals");
  return answer === null ? null : facts.terminals(answer);
}

export function catalogue(): Promise<KpiInfo[] | null> {
  return rows("kpis", "kpis", {}, facts.kpiInfo);
}

/** Newest values of one window; the live feed tells only the main window of each KPI. */
export function kpisOver(terminal: string, window: string): Promise<KpiValue[] | null> {
  return rows("kpis/live", "values", { terminal, window }, facts.kpiValue);
}

export function moves(terminal: string, limit: number): Promise<Move[] | null> {
  return rows("moves", "moves", { terminal, limit }, facts.move);
}

export function visits(terminal: string, limit: number): Promise<Visit[] | null> {
  return rows("visits", "visits", { terminal, limit }, facts.visit);
}

export function excursions(terminal: string, limit: number): Promise<Excursion[] | null> {
  return rows("excursions", "excursions", { terminal, limit }, facts.excursion);
}

export interface Quarantine {
  newest: Quarantined[];
  byReason: [string, number][];
}

export async function quarantine(terminal: string, limit: number): Promise<Quarantine | null> {
  const answer = await get("quarantine", { terminal, limit });
  if (answer === null) return null;
  const reasons = Object.entries(record(record(answer)["by_reason"]))
    .map(([reason, count]): [string, number] => [reason, figure(count) ?? 0])
    .sort((a, b) => b[1] - a[1]);
  return { newest: each(record(answer)["quarantine"], facts.quarantined), byReason: reasons };
}

export type Point = [ms: number, value: number | null];

export async function history(
  terminal: string,
  kpi: string,
  subject: string,
  fromMs: number,
  toMs: number,
  stepS: number,
): Promise<Point[] | null> {
  const query = { terminal, subject, from: Math.floor(fromMs), to: Math.ceil(toMs), step: stepS };
  const answer = await get(`kpis/${encodeURIComponent(kpi)}/history`, query);
  if (answer === null) return null;
  return each(record(answer)["points"], (pair): Point | null => {
    const [ms, value] = list(pair);
    const at = figure(ms);
    return at === null ? null : [at, figure(value)];
  });
}
