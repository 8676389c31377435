/** The tooltip of a crane. */

import type { Crane } from "../../shared/cranes/crane.ts";
import { fixed } from "../../shared/format/numbers.ts";
import { duration } from "../../shared/format/times.ts";
import type { Line } from "../../shared/tooltip/tooltip.tsx";

export function craneLines(crane: Crane, nowMs: number): Line[] {
  const lift = crane.locked ? (crane.twin ? ", twin lift" : ", locked") : "";
  return [
    crane.id,
    ["State", crane.state],
    ["Gross rate, last hour", `${fixed(crane.rate, 1)} boxes/h`],
    ["Load", `${fixed(crane.loadT, 1)} t${lift}`],
    ["Hoist height", `${fixed(crane.hoistM, 1)} m`],
    ["Trolley", `${fixed(crane.trolleyM, 1)} m`],
    ["Gantry", `${fixed(crane.gantryM, 1)} m`],
    ["Spreader", `${fixed(crane.spreaderFt)} ft`],
    ["Wind", `${fixed(crane.windMps, 1)} m/s`],
    ["Power", `${fixed(crane.powerKw)} kW`],
    ["Last sample", crane.time === null ? "–" : `${duration(nowMs - crane.time)} ago`],
  ];
}
