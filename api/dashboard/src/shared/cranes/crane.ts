/** A crane as the page shows it: where it stands, what it does, how well that is known. */

import type { Device, Latest } from "../model/facts.ts";
import { figure, flag, text } from "../api/fields.ts";

export type Tone = "working" | "idle" | "fault" | "offline";
export type Side = "quay" | "yard";

export interface Crane {
  id: string;
  side: Side;
  tone: Tone;
  /** The state in one word, shown beside the colour. */
  word: string;
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
export const SILENT_MS = 30_000;

const YARD_TYPES = new Set(["ARMG", "RTG", "RMG", "ASC"]);
const YARD_IDS = /^(armg|rtg|rmg|asc|yc)/;

export const SIGNS: Record<Tone, string> = { working: "▶", idle: "❙❙", fault: "▲", offline: "✕" };

/** Yard cranes by type or, where nobody told the type, by id; all others stand at the quay. */
export function sideOf(id: string, type: string | null): Side {
  return (type === null ? YARD_IDS.test(id) : YARD_TYPES.has(type)) ? "yard" : "quay";
}

function stateOf(device: Device | undefined, sample: Latest | undefined, nowMs: number): [Tone, string] {
  if (device?.online === false) return ["offline", "offline"];
  if (sample === undefined) return ["offline", "no data"];
  if (nowMs - sample.time > SILENT_MS) return ["offline", "silent"];
  const state = text(sample.signals["state"]);
  if (state === "working" || state === "fault") return [state, state];
  if (state === "off") return ["offline", "off"];
  return ["idle", state ?? "no state"];
}

export function crane(
  id: string,
  device: Device | undefined,
  sample: Latest | undefined,
  rate: number | null,
  nowMs: number,
): Crane {
  const signals = sample?.signals ?? {};
  const [tone, word] = stateOf(device, sample, nowMs);
  return {
    id,
    side: sideOf(id, device?.type ?? null),
    tone,
    word,
    rate,
    trolleyM: figure(signals["trolley_position_m"]),
    hoistM: figure(signals["hoist_height_m"]),
    gantryM: figure(signals["gantry_position_m"]),
    loadT: figure(signals["load_t"]),
    windMps: figure(signals["wind_speed_mps"]),
    powerKw: figure(signals["power_kw"]),
    spreaderFt: figure(signals["spreader_size_ft"]),
    locked: flag(signals["twistlock_locked"]) ?? false,
    twin: flag(signals["twin"]) ?? false,
    time: sample?.time ?? null,
  };
}
