/** What a reefer's state is, from its last sample and the excursions that are open. */

import { boolean, number, text, texts } from "../api/fields.ts";
import type { TerminalData } from "../live/terminal-data.ts";
import type { Device, Sample } from "../model/device.ts";
import type { Excursion } from "../model/excursion.ts";

export type ReeferState = "ok" | "out" | "unpowered" | "stale" | "unplugged";

/** Worst first: the order of the legend. */
export const STATES: readonly ReeferState[] = ["out", "unpowered", "stale", "ok", "unplugged"];

export const STATE_NAMES: Record<ReeferState, string> = {
  out: "out of range",
  unpowered: "unpowered",
  stale: "stale",
  ok: "in range",
  unplugged: "unplugged",
};

/** A plug is stale when silent for twice its own interval, and never before this. */
const STALE_LEAST_MS = 5 * 60_000;

export interface Reefer {
  id: string;
  state: ReeferState;
  containerId: string | null;
  setpointDegc: number | null;
  supplyDegc: number | null;
  returnDegc: number | null;
  mode: string | null;
  alarms: string[];
  time: number | null;
  /** Begin of the excursion that is open. */
  since: number | null;
}

/** Open excursions by plug. */
export function openExcursions(data: TerminalData): Map<string, Excursion> {
  return new Map(data.excursions.filter((one) => one.endedAt === null).map((one) => [one.device, one]));
}

/** @param open excursions by plug, where the caller looks at many plugs. */
export function reeferOf(data: TerminalData, id: string, nowMs: number, open = openExcursions(data)): Reefer {
  const excursion = open.get(id);
  const sample = data.sample("reefer", id);
  const signals = sample?.signals ?? {};
  return {
    id,
    state: reeferState(data, id, excursion !== undefined, nowMs),
    containerId: text(signals["container_id"]),
    setpointDegc: number(signals["setpoint_degc"]),
    supplyDegc: number(signals["supply_degc"]),
    returnDegc: number(signals["return_degc"]),
    mode: text(signals["mode"]),
    alarms: texts(signals["alarms"]),
    time: sample?.time ?? null,
    since: excursion?.beganAt ?? null,
  };
}

/** @param out whether an excursion is open. */
export function reeferState(data: TerminalData, id: string, out: boolean, nowMs: number): ReeferState {
  const intervalMs = data.intervals.get(`reefer/${id}`) ?? 0;
  return stateOf(data.device("reefer", id), data.sample("reefer", id), out, intervalMs, nowMs);
}

function stateOf(device: Device | undefined, sample: Sample | undefined, out: boolean, intervalMs: number, nowMs: number): ReeferState {
  if (sample === undefined || device?.online === false) return "stale";
  if (nowMs - sample.time > Math.max(STALE_LEAST_MS, 2 * intervalMs)) return "stale";
  if (boolean(sample.signals["plugged"]) === false) return "unplugged";
  if (boolean(sample.signals["powered"]) === false) return "unpowered";
  return out ? "out" : "ok";
}
