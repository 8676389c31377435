/** A plug as the page shows it: what was wrong in the span, and how it is at its end, or now. Times in ms since 1970 UTC. */

import { boolean, fields, number, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { byId } from "../shared/format/ids.ts";
import type { Reefer, ReeferState } from "../shared/reefers/reefer.ts";

export type PlugRow = NonNullable<ReturnType<typeof readPlug>>;

/** A plug in a span; null without id. */
export function readPlug(raw: unknown) {
  const from = fields<api.Plug>(raw);
  const device = text(from.device);
  if (device === null) return null;
  return {
    device,
    rack: text(from.rack) ?? device,
    containerId: text(from.container_id),
    plugged: boolean(from.plugged),
    powered: boolean(from.powered),
    outOfRange: boolean(from.out_of_range) ?? false,
    time: timestamp(from.time),
    setpointDegc: number(from.setpoint_degc),
    supplyDegc: number(from.supply_degc),
    returnDegc: number(from.return_degc),
    excursions: number(from.excursions) ?? 0,
    outMin: number(from.out_of_range_min) ?? 0,
    worstK: number(from.worst_k),
    offMin: number(from.off_power_min) ?? 0,
    unknownMin: number(from.unknown_min) ?? 0,
  };
}

/** Whether nothing is known of a plug in the span. */
export function isUnknown({ time, plugged, outMin, offMin, unknownMin }: PlugRow): boolean {
  return time === null && plugged === null && outMin + offMin + unknownMin === 0;
}

export interface Plug extends Omit<PlugRow, "plugged" | "powered" | "outOfRange"> {
  /** Now while the page is live; over a span the worst that was in it. */
  state: ReeferState;
}

/** What was worst in the span; a plug of which nothing is known is stale. */
export function overSpan(row: PlugRow): Plug {
  return { ...row, state: worst(row) };
}

function worst(row: PlugRow): ReeferState {
  if (row.outMin > 0 || row.outOfRange) return "out";
  if (row.offMin > 0) return "unpowered";
  if (row.unknownMin > 0 || row.plugged === null) return "stale";
  return row.plugged ? "ok" : "unplugged";
}

/** As it is now, by its newest sample; what was wrong is of the span that the page shows while it is live. */
export function now(row: PlugRow, reefer: Reefer): Plug {
  const { state, containerId, setpointDegc, supplyDegc, returnDegc, time } = reefer;
  return { ...row, state, containerId, setpointDegc, supplyDegc, returnDegc, time };
}

const FROZEN_DEGC = -10;

/** How far the controlled air is off its setpoint: of frozen cargo that coming back, of other cargo that leaving. [K] */
export function distanceK(plug: Pick<Plug, "setpointDegc" | "supplyDegc" | "returnDegc" | "state">): number | null {
  const { setpointDegc, state } = plug;
  if (setpointDegc === null || state === "unplugged") return null;
  const air = setpointDegc <= FROZEN_DEGC ? plug.returnDegc : plug.supplyDegc;
  return air === null ? null : air - setpointDegc;
}

/** From how far off on each step of the colours begins. [K] */
const STEPS_K = [0.5, 1, 2, 4];

/** Step of the colours of a distance, −4 (cold) to 4 (warm); null: no air is known. */
export function heat(offK: number | null): number | null {
  if (offK === null) return null;
  const step = STEPS_K.filter((one) => Math.abs(offK) >= one).length;
  return offK < 0 ? -step : step;
}

export interface Filter {
  rack: string | null;
  state: string | null;
  /** Part of a plug's id or of a container number. */
  find: string | null;
}

export function matches(plug: Plug, { rack, state, find }: Filter): boolean {
  if (rack !== null && plug.rack !== rack) return false;
  if (state !== null && plug.state !== state) return false;
  const wanted = (find ?? "").replaceAll(/[\s-]/g, "").toUpperCase();
  return wanted === "" || [plug.device, plug.containerId ?? ""].some((one) => one.replaceAll("-", "").toUpperCase().includes(wanted));
}

export interface Rack {
  rack: string;
  plugs: readonly Plug[];
}

/** Plugs by rack, both in the order of their ids. */
export function racksOf(plugs: readonly Plug[]): Rack[] {
  const found = new Map<string, Plug[]>();
  for (const plug of plugs) {
    const known = found.get(plug.rack);
    if (known === undefined) found.set(plug.rack, [plug]);
    else known.push(plug);
  }
  return [...found].sort(([a], [b]) => byId(a, b)).map(([rack, own]) => ({ rack, plugs: own.sort((a, b) => byId(a.device, b.device)) }));
}
