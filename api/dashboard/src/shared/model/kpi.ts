/** KPI values and their definitions. Times in ms since 1970 UTC. */

import { fields, number, record, text, texts, timestamp } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export type KpiValue = NonNullable<ReturnType<typeof readKpiValue>>;
export type KpiInfo = NonNullable<ReturnType<typeof readKpiInfo>>;
/** Definitions by the id of the KPI. */
export type Catalogue = ReadonlyMap<string, KpiInfo>;

/** Windows of KPI values, the usual one first. */
export const WINDOWS: readonly string[] = ["PT1H", "now", "shift", "call", "day"];

/** A value; null without KPI or subject. */
export function readKpiValue(raw: unknown) {
  const from = fields<api.KpiValue>(raw);
  const [kpi, subject] = [text(from.kpi), text(from.subject)];
  if (kpi === null || subject === null) return null;
  return {
    kpi,
    subject,
    time: timestamp(from.ts),
    value: number(from.value),
    unit: text(from.unit) ?? "",
    window: text(from.window) ?? "",
    /** Whether facts that it counts may still change; null where that makes no difference. */
    state: text(from.state),
  };
}

/** A definition; null without id. */
export function readKpiInfo(raw: unknown) {
  const from = fields<api.KpiInfo>(raw);
  const id = text(from.id);
  if (id === null) return null;
  return {
    id,
    title: text(from.title) ?? id,
    unit: text(from.unit) ?? "",
    subject: text(from.subject) ?? "",
    windowS: number(from.window_s) ?? 0,
    /** By kind of subject its windows, the main one first. */
    windows: new Map(Object.entries(record(from.windows)).map(([kind, ids]) => [kind, texts(ids)])),
    formula: text(from.formula) ?? "",
    source: text(from.source) ?? "",
    description: text(from.description) ?? "",
  };
}

/** Title of a KPI, also of one that the catalogue does not have. */
export function kpiTitle(catalogue: Catalogue, id: string): string {
  return catalogue.get(id)?.title ?? id.replaceAll("_", " ");
}
