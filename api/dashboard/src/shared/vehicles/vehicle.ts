/** A vehicle as the page shows it: where it is, what it does, how full its battery is. */

import { boolean, number, text, texts } from "../api/fields.ts";
import { fixed, NOTHING } from "../format/numbers.ts";
import { duration } from "../format/times.ts";
import type { TerminalData } from "../live/terminal-data.ts";
import { LOW_PCT, MOVING_MPS } from "../model/constants.ts";
import type { Device, Sample } from "../model/device.ts";
import type { Line } from "../tooltip/tooltip.tsx";

export type VehicleState = "driving" | "waiting" | "charging" | "standby" | "fault" | "offline";

/** Worst first: the order of the legend. */
export const STATES: readonly VehicleState[] = ["fault", "offline", "driving", "waiting", "charging", "standby"];

/** Each state has a sign beside its colour. */
export const SIGNS: Record<VehicleState, string> = { driving: "▶", waiting: "❙❙", charging: "ϟ", standby: "■", fault: "▲", offline: "✕" };

/** Vehicles send each second; one without a sample for this long is not shown as driving. */
const SILENT_MS = 30_000;

export interface Vehicle {
  id: string;
  state: VehicleState;
  /** Along the quay. [m] */
  xM: number | null;
  /** From the waterside rail, + towards the land. [m] */
  yM: number | null;
  /** In the terminal's grid: 0 along the quay, 90 towards the land. [°] */
  headingDeg: number;
  speedMps: number | null;
  laden: boolean;
  containerIds: readonly string[];
  batteryPct: number | null;
  low: boolean;
  powerKw: number | null;
  zone: string | null;
  /** Transport order that it works on; null on standby. */
  job: string | null;
  time: number | null;
}

export function vehicleOf(data: TerminalData, id: string, nowMs: number): Vehicle {
  return read(id, data.device("vehicle", id), data.sample("vehicle", id), nowMs);
}

/** @param nowMs the server's clock. */
export function read(id: string, device: Device | undefined, sample: Sample | undefined, nowMs: number): Vehicle {
  const signals = sample?.signals ?? {};
  const [state, laden, batteryPct] = [stateOf(device, sample, nowMs), boolean(signals["laden"]) ?? false, number(signals["battery_pct"])];
  return {
    id,
    state,
    xM: number(signals["position_x_m"]),
    yM: number(signals["position_y_m"]),
    headingDeg: number(signals["heading_deg"]) ?? 0,
    speedMps: number(signals["speed_mps"]),
    laden,
    // Containers and order keep their last value where a sample carries none.
    containerIds: laden ? texts(signals["container_ids"]) : [],
    batteryPct,
    low: batteryPct !== null && batteryPct < LOW_PCT,
    powerKw: number(signals["power_kw"]),
    zone: text(signals["zone"]),
    job: text(signals["state"]) === "standby" ? null : text(signals["job_id"]),
    time: sample?.time ?? null,
  };
}

function stateOf(device: Device | undefined, sample: Sample | undefined, nowMs: number): VehicleState {
  if (device?.online === false || sample === undefined || nowMs - sample.time > SILENT_MS) return "offline";
  const state = text(sample.signals["state"]);
  if (state === "fault") return "fault";
  if (state === "off") return "offline";
  if (boolean(sample.signals["charging"])) return "charging";
  if ((number(sample.signals["speed_mps"]) ?? 0) >= MOVING_MPS) return "driving";
  return state === "standby" ? "standby" : "waiting";
}

/** How many vehicles are in each state. */
export function counts(vehicles: Iterable<Vehicle>): Map<VehicleState, number> {
  const found = new Map(STATES.map((state) => [state, 0]));
  for (const { state } of vehicles) found.set(state, found.get(state)! + 1);
  return found;
}

/** What a vehicle carries, in words. @param most containers to name; others are counted. */
export function loadText({ laden, containerIds }: Pick<Vehicle, "laden" | "containerIds">, most = Infinity): string {
  if (!laden) return "empty";
  const left = containerIds.length - most;
  return [...containerIds.slice(0, most), ...(left > 0 ? [`+${left}`] : [])].join(" ") || "laden";
}

/** The tooltip of a vehicle. */
export function vehicleLines(vehicle: Vehicle, nowMs: number): Line[] {
  return [
    vehicle.id,
    ["State", vehicle.state],
    ["Load", loadText(vehicle)],
    ["Battery", `${fixed(vehicle.batteryPct)} %${vehicle.low ? ", low" : ""}`],
    ["Zone", vehicle.zone ?? NOTHING],
    ["Order", vehicle.job ?? NOTHING],
    ["Speed", `${fixed(vehicle.speedMps, 1)} m/s`],
    ["Power", `${fixed(vehicle.powerKw)} kW`],
    ["Last sample", vehicle.time === null ? NOTHING : `${duration(nowMs - vehicle.time)} ago`],
  ];
}
