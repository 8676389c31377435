/** What the API tells, as the page keeps it. Times are milliseconds since 1970 UTC. */

import { each, figure, flag, type Json, moment, record, text, texts } from "../api/fields.ts";

export interface Device {
  stream: string;
  device: string;
  type: string | null;
  online: boolean | null;
  lastTime: number | null;
  stored: number;
  duplicate: number;
  late: number;
  outOfRange: number;
  unknownKeys: number;
  quarantined: number;
}

export interface Latest {
  stream: string;
  device: string;
  time: number;
  signals: Json;
}

export interface KpiValue {
  kpi: string;
  subject: string;
  time: number | null;
  value: number | null;
  unit: string;
  window: string;
  /** Whether facts that it counts may still change; null where nobody told. */
  state: string | null;
}

export interface KpiInfo {
  id: string;
  title: string;
  unit: string;
  subject: string;
  windowS: number;
  /** By kind of subject its windows, the main one first. */
  windows: Map<string, string[]>;
  formula: string;
  source: string;
  description: string;
}

export interface Move {
  device: string;
  kind: string;
  boxes: number | null;
  /** End of the move before; null where that is not known. */
  beganAt: number | null;
  lockedAt: number;
  liftedAt: number | null;
  landedAt: number | null;
  unlockedAt: number;
  inferred: boolean;
  /** 1 where everything was seen and agrees. */
  confidence: number;
  peakLoadT: number | null;
  sizeFt: number | null;
  twin: boolean;
  containerIds: string[];
  energyKwh: number | null;
  waitedEmptyS: number | null;
  waitedLadenS: number | null;
}

export interface Visit {
  visit: string;
  plate: string | null;
  enteredAt: number | null;
  leftAt: number | null;
}

export interface Excursion {
  device: string;
  container: string | null;
  probe: string;
  beganAt: number;
  endedAt: number | null;
  setpointDegc: number | null;
  worstDegc: number | null;
}

export interface Quarantined {
  receivedAt: number | null;
  topic: string;
  reason: string;
  detail: string;
}

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

export interface Terminal {
  terminal: string;
  devices: number;
  /** IANA name, where the server tells it. */
  timeZone: string | null;
  shiftBeganAt: number | null;
}

export function device(raw: unknown): Device | null {
  const from = record(raw);
  const stream = text(from["stream"]);
  const name = text(from["device"]);
  if (stream === null || name === null) return null;
  const count = (key: string): number => figure(from[key]) ?? 0;
  return {
    stream,
    device: name,
    type: text(from["type"]),
    online: flag(from["online"]),
    lastTime: moment(from["last_time"]),
    stored: count("stored"),
    duplicate: count("duplicate"),
    late: count("late"),
    outOfRange: count("out_of_range"),
    unknownKeys: count("unknown_keys"),
    quarantined: count("quarantined"),
  };
}

export function latest(raw: unknown): Latest | null {
  const from = record(raw);
  const stream = text(from["stream"]);
  const name = text(from["device"]);
  const time = moment(from["time"]);
  if (stream === null || name === null || time === null) return null;
  return { stream, device: name, time, signals: record(from["signals"]) };
}

export function kpiValue(raw: unknown): KpiValue | null {
  const from = record(raw);
  const kpi = text(from["kpi"]);
  const subject = text(from["subject"]);
  if (kpi === null || subject === null) return null;
  return {
    kpi,
    subject,
    time: moment(from["ts"]),
    value: figure(from["value"]),
    unit: text(from["unit"]) ?? "",
    window: text(from["window"]) ?? "",
    state: text(from["state"]),
  };
}

export function kpiInfo(raw: unknown): KpiInfo | null {
  const from = record(raw);
  const id = text(from["id"]);
  if (id === null) return null;
  return {
    id,
    title: text(from["title"]) ?? id,
    unit: text(from["unit"]) ?? "",
    subject: text(from["subject"]) ?? "",
    windowS: figure(from["window_s"]) ?? 0,
    windows: new Map(Object.entries(record(from["windows"])).map(([kind, ids]) => [kind, texts(ids)])),
    formula: text(from["formula"]) ?? "",
    source: text(from["source"]) ?? "",
    description: text(from["description"]) ?? "",
  };
}

export function move(raw: unknown): Move | null {
  const from = record(raw);
  const name = text(from["device"]);
  const lockedAt = moment(from["locked_at"]);
  const unlockedAt = moment(from["unlocked_at"]);
  if (name === null || lockedAt === null || unlockedAt === null) return null;
  return {
    device: name,
    kind: text(from["kind"]) ?? "–",
    boxes: figure(from["boxes"]),
    beganAt: moment(from["began_at"]),
    lockedAt,
    liftedAt: moment(from["lifted_at"]),
    landedAt: moment(from["landed_at"]),
    unlockedAt,
    inferred: flag(from["inferred"]) ?? false,
    confidence: figure(from["confidence"]) ?? 1,
    peakLoadT: figure(from["peak_load_t"]),
    sizeFt: figure(from["size_ft"]),
    twin: flag(from["twin"]) ?? false,
    containerIds: texts(from["container_ids"]),
    energyKwh: figure(from["energy_kwh"]),
    waitedEmptyS: figure(from["waited_empty_s"]),
    waitedLadenS: figure(from["waited_laden_s"]),
  };
}

export function visit(raw: unknown): Visit | null {
  const from = record(raw);
  const name = text(from["visit"]);
  if (name === null) return null;
  return { visit: name, plate: text(from["plate"]), enteredAt: moment(from["entered_at"]), leftAt: moment(from["left_at"]) };
}

export function excursion(raw: unknown): Excursion | null {
  const from = record(raw);
  const name = text(from["device"]);
  const beganAt = moment(from["began_at"]);
  if (name === null || beganAt === null) return null;
  return {
    device: name,
    container: text(from["container_id"]),
    probe: text(from["probe"]) ?? "",
    beganAt,
    endedAt: moment(from["ended_at"]),
    setpointDegc: figure(from["setpoint_degc"]),
    worstDegc: figure(from["worst_degc"]),
  };
}

export function quarantined(raw: unknown): Quarantined | null {
  const from = record(raw);
  const reason = text(from["reason"]);
  if (reason === null) return null;
  return {
    receivedAt: moment(from["received_at"]),
    topic: text(from["topic"]) ?? "",
    reason,
    detail: text(from["detail"]) ?? "",
  };
}

export function checks(raw: unknown): Check[] {
  return Object.entries(record(record(raw)["checks"])).map(([name, value]) => {
    const from = record(value);
    return { name, ok: flag(from["ok"]) ?? false, detail: text(from["detail"]) ?? "" };
  });
}

export function terminals(raw: unknown): Terminal[] {
  return each(record(raw)["terminals"], (one) => {
    const from = record(one);
    const terminal = text(from["terminal"]);
    return terminal === null ? null : { terminal, devices: figure(from["devices"]) ?? 0, timeZone: text(from["time_zone"]), shiftBeganAt: moment(record(from["shift"])["begin"]) };
  });
}
