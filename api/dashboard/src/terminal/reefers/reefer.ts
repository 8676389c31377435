/** What a reefer's state is, from its last sample and the excursions that are open. */

import type { Device, Excursion, Latest } from "../../shared/model/facts.ts";
import { figure, flag, text } from "../../shared/api/fields.ts";

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
export const STALE_LEAST_MS = 5 * 60_000;

export interface Reefer {
  id: string;
  state: ReeferState;
  container: string | null;
  setpoint: number | null;
  supply: number | null;
  back: number | null;
  mode: string | null;
  alarms: string[];
  time: number | null;
  since: number | null;
}

export function reefer(
  id: string,
  device: Device | undefined,
  sample: Latest | undefined,
  excursion: Excursion | undefined,
  intervalMs: number,
  nowMs: number,
): Reefer {
  const signals = sample?.signals ?? {};
  const alarms = signals["alarms"];
  return {
    id,
    state: stateOf(device, sample, excursion, intervalMs, nowMs),
    container: text(signals["container_id"]),
    setpoint: figure(signals["setpoint_degc"]),
    supply: figure(signals["supply_degc"]),
    back: figure(signals["return_degc"]),
    mode: text(signals["mode"]),
    alarms: Array.isArray(alarms) ? alarms.filter((one): one is string => typeof one === "string") : [],
    time: sample?.time ?? null,
    since: excursion?.beganAt ?? null,
  };
}

function stateOf(
  device: Device | undefined,
  sample: Latest | undefined,
  excursion: Excursion | undefined,
  intervalMs: number,
  nowMs: number,
): ReeferState {
  if (sample === undefined || device?.online === false) return "stale";
  if (nowMs - sample.time > Math.max(STALE_LEAST_MS, 2 * intervalMs)) return "stale";
  if (flag(sample.signals["plugged"]) === false) return "unplugged";
  if (flag(sample.signals["powered"]) === false) return "unpowered";
  return excursion === undefined ? "ok" : "out";
}
