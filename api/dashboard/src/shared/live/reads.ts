/** What is read beside the live feed. A failed read is null: each of them is read again later. */

import { get, pathOf, valueOf } from "../api/client.ts";
import { each, fields, list, number } from "../api/fields.ts";
import type * as api from "../api/schema.ts";
import { type Excursion, readExcursion } from "../model/excursion.ts";
import { type KpiInfo, type KpiValue, readKpiInfo, readKpiValue } from "../model/kpi.ts";
import { type Move, readMove } from "../model/move.ts";
import { type Quarantine, readQuarantine } from "../model/quarantine.ts";
import { readTerminals, type Terminal } from "../model/terminal.ts";
import { readVisit, type Visit } from "../model/visit.ts";

export function terminals(): Promise<Terminal[] | null> {
  return valueOf(get("terminals", {}, readTerminals));
}

export function catalogue(): Promise<KpiInfo[] | null> {
  return valueOf(get("kpis", {}, (body) => each(fields<api.KpiCatalogue>(body).kpis, readKpiInfo)));
}

/** Newest values of one window; the live feed has only the main window of each KPI. */
export function kpiValues(terminal: string, window: string): Promise<KpiValue[] | null> {
  return valueOf(get("kpis/live", { terminal, window }, (body) => each(fields<api.KpiValues>(body).values, readKpiValue)));
}

export function moves(terminal: string, limit: number): Promise<Move[] | null> {
  return valueOf(get("moves", { terminal, limit }, (body) => each(fields<api.Moves>(body).moves, readMove)));
}

export function visits(terminal: string, limit: number): Promise<Visit[] | null> {
  return valueOf(get("visits", { terminal, limit }, (body) => each(fields<api.Visits>(body).visits, readVisit)));
}

export function excursions(terminal: string, limit: number): Promise<Excursion[] | null> {
  return valueOf(get("excursions", { terminal, limit }, (body) => each(fields<api.Excursions>(body).excursions, readExcursion)));
}

export function quarantine(terminal: string, limit: number): Promise<Quarantine | null> {
  return valueOf(get("quarantine", { terminal, limit }, readQuarantine));
}

export type Point = [ms: number, value: number | null];

/** Which values of the past to read. */
export interface Series {
  terminal: string;
  kpi: string;
  subject: string;
}

export function history({ terminal, kpi, subject }: Series, fromMs: number, toMs: number, stepS: number): Promise<Point[] | null> {
  const query = { terminal, subject, from: Math.floor(fromMs), to: Math.ceil(toMs), step: stepS };
  const read = (body: unknown): Point[] => each(fields<api.KpiHistory>(body).points, point);
  return valueOf(get(`${pathOf("kpis", kpi)}/history`, query, read));
}

function point(pair: unknown): Point | null {
  const [ms, value] = list(pair);
  const at = number(ms);
  return at === null ? null : [at, number(value)];
}
