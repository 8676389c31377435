/** A crane as the page shows it: where it stands, what it does, how well that is known. */

import { boolean, number, text } from "../api/fields.ts";
import type { TerminalData } from "../live/terminal-data.ts";
import type { Device, Sample } from "../model/device.ts";

export type Tone = "working" | "idle" | "fault" | "offline";
export type Side = "quay" | "yard";

export interface Crane {
  id: string;
  side: Side;
  tone: Tone;
  /** The state in one word, shown beside the colour. */
  state: string;
  /** Gross rate. [boxes/h] */
  rate: number | null;
  trolleyM: number | null;
  hoistM: number | null;
  gantryM: number | null;
  loadT: number | null;
  windMps: number | null;
  powerKw: number | null;
  spreaderFt: number | null;
  locked: boolean;
  twin: boolean;
  time: number | null;
}

/** Cranes send several samples a second; one without a sample for this long is not shown as working. */
const SILENT_MS = 30_000;

const YARD_TYPES = new Set(["ARMG", "RTG", "RMG", "ASC"]);
const YARD_IDS = /^(armg|rtg|rmg|asc|yc)/;

export const SIGNS: Record<Tone, string> = { working: "▶", idle: "❙❙", fault: "▲", offline: "✕" };

/** Yard cranes by type or, where the type is not known, by id; all others stand at the quay. */
export function sideOf(id: string, type: string | null): Side {
  return (type === null ? YARD_IDS.test(id) : YARD_TYPES.has(type)) ? "yard" : "quay";
}

export function craneSide(data: TerminalData, id: string): Side {
  return sideOf(id, data.device("crane", id)?.type ?? null);
}

export function craneOf(data: TerminalData, id: string, nowMs: number): Crane {
  const sample = data.sample("crane", id);
  const signals = sample?.signals ?? {};
  const [tone, state] = stateOf(data.device("crane", id), sample, nowMs);
  return {
    id,
    side: craneSide(data, id),
    tone,
    state,
    rate: data.kpi("gross_crane_rate", id)?.value ?? null,
    trolleyM: number(signals["trolley_position_m"]),
    hoistM: number(signals["hoist_height_m"]),
    gantryM: number(signals["gantry_position_m"]),
    loadT: number(signals["load_t"]),
    windMps: number(signals["wind_speed_mps"]),
    powerKw: number(signals["power_kw"]),
    spreaderFt: number(signals["spreader_size_ft"]),
    locked: boolean(signals["twistlock_locked"]) ?? false,
    twin: boolean(signals["twin"]) ?? false,
    time: sample?.time ?? null,
  };
}

function stateOf(device: Device | undefined, sample: Sample | undefined, nowMs: number): [Tone, string] {
  if (device?.online === false) return ["offline", "offline"];
  if (sample === undefined) return ["offline", "no data"];
  if (nowMs - sample.time > SILENT_MS) return ["offline", "silent"];
  const state = text(sample.signals["state"]);
  if (state === "working" || state === "fault") return [state, state];
  if (state === "off") return ["offline", "off"];
  return ["idle", state ?? "no state"];
}
