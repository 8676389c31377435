/** Plugs, temperatures, spans in which something was wrong, and treatments, of the REST API. */

import { get, pathOf, type Result } from "../shared/api/client.ts";
import { each, fields, list, number, record, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { type Excursion, readExcursion } from "../shared/model/excursion.ts";
import { type Bounds, between } from "../shared/span/span.ts";
import { type PlugRow, readPlug } from "./plug.ts";

const MOST = 200;

export function plugsOf(terminal: string, bounds: Bounds): Promise<Result<PlugRow[]>> {
  return get("reefers/plugs", { terminal, ...between(bounds) }, (body) => each(fields<api.Plugs>(body).plugs, readPlug));
}

export type Values = readonly (number | null)[];

export interface Allowed {
  beginAt: number;
  endAt: number;
  containerId: string | null;
  setpointDegc: number;
  profile: string;
  probe: string;
  /** null: too cold does not count. */
  lowDegc: number | null;
  highDegc: number;
}

export interface Gap {
  beganAt: number;
  endedAt: number | null;
}

/** One plug over a span. */
export interface History {
  bounds: Bounds;
  times: readonly number[];
  series: Readonly<Record<string, Values>>;
  ranges: readonly Allowed[];
  excursions: readonly Excursion[];
  offPower: readonly Gap[];
  silences: readonly Gap[];
  figures: readonly BoxFigure[];
}

export async function historyOf(terminal: string, device: string, bounds: Bounds): Promise<Result<History>> {
  const query = { terminal, device, ...between(bounds), limit: MOST };
  const [readings, figures, excursions, offPower, silences] = await Promise.all([
    get(pathOf("reefers", terminal, device, "readings"), between(bounds), (body) => readReadings(fields<api.Readings>(body))),
    figuresOf(terminal, device, bounds),
    get("excursions", query, (body) => each(fields<api.Excursions>(body).excursions, readExcursion)),
    get("reefers/off-power", query, (body) => each(fields<api.OffPowerSpans>(body).off_power, readGap)),
    get("reefers/silences", query, (body) => each(fields<api.Silences>(body).silences, readGap)),
  ]);
  if (!readings.ok) return readings;
  if (!figures.ok) return figures;
  if (!excursions.ok) return excursions;
  if (!offPower.ok) return offPower;
  if (!silences.ok) return silences;
  return { ok: true, value: { bounds, ...readings.value, figures: figures.value, excursions: excursions.value, offPower: offPower.value, silences: silences.value } };
}

function readReadings(from: ReturnType<typeof fields<api.Readings>>) {
  const series = Object.fromEntries(Object.entries(record(from.series)).map(([name, values]) => [name, list(values).map(number)]));
  return { times: list(from.time).map((one) => number(one) ?? 0), series, ranges: each(from.ranges, readAllowed) };
}

function readAllowed(raw: unknown): Allowed | null {
  const from = fields<api.AllowedRange>(raw);
  const [beginAt, endAt, setpointDegc, highDegc] = [timestamp(from.begin), timestamp(from.end), number(from.setpoint_degc), number(from.high_degc)];
  if (beginAt === null || endAt === null || setpointDegc === null || highDegc === null) return null;
  const named = { containerId: text(from.container_id), profile: text(from.profile) ?? "", probe: text(from.probe) ?? "" };
  return { beginAt, endAt, setpointDegc, highDegc, lowDegc: number(from.low_degc), ...named };
}

function readGap(raw: unknown): Gap | null {
  const from = fields<api.OffPower>(raw);
  const beganAt = timestamp(from.began_at);
  return beganAt === null ? null : { beganAt, endedAt: timestamp(from.ended_at) };
}

export interface BoxFigure {
  id: string;
  title: string;
  value: number | null;
  unit: string;
  filled: string;
  source: string;
  description: string;
}

/** Figures of whatever box is on a plug, over a span. */
export function figuresOf(terminal: string, device: string, bounds: Bounds): Promise<Result<BoxFigure[]>> {
  return get(pathOf("reefers", terminal, device, "figures"), between(bounds), (body) => each(fields<api.BoxFiguresAnswer>(body).figures, readFigure));
}

function readFigure(raw: unknown): BoxFigure | null {
  const from = fields<api.FigureValue>(raw);
  const id = text(from.id);
  if (id === null) return null;
  const words = { title: text(from.title) ?? id, unit: text(from.unit) ?? "", filled: text(from.filled) ?? "", source: text(from.source) ?? "", description: text(from.description) ?? "" };
  return { id, value: number(from.value), ...words };
}

export interface Run {
  schedule: string;
  beganAt: number;
  level: number | null;
  doneH: number;
  leftH: number;
  verdict: string;
  breachAt: number | null;
  breachSensor: string | null;
}

/** Runs of the cold treatment of a container, newest first. */
export function treatmentOf(terminal: string, containerId: string): Promise<Result<Run[]>> {
  return get("treatments", { terminal, container_id: containerId }, (body) =>
    each(fields<api.Treatments>(body).treatments, (raw) => runsOf(fields<api.AnnouncedTreatment>(raw))).flat().reverse(),
  );
}

function runsOf(from: ReturnType<typeof fields<api.AnnouncedTreatment>>): Run[] {
  return each(from.runs, (raw) => {
    const run = fields<api.TreatmentRun>(raw);
    const beganAt = timestamp(run.began_at);
    if (beganAt === null) return null;
    return {
      schedule: text(from.schedule) ?? "",
      beganAt,
      level: number(run.level),
      doneH: number(run.done_h) ?? 0,
      leftH: number(run.left_h) ?? 0,
      verdict: text(run.verdict) ?? "",
      breachAt: timestamp(run.breach_at),
      breachSensor: text(run.breach_sensor),
    };
  });
}
