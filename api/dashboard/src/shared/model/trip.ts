/** Trips and charging sessions of vehicles. Times in ms since 1970 UTC. */

import { boolean, fields, number, text, texts, timestamp } from "../api/fields.ts";
import type * as api from "../api/schema.ts";

export type Trip = NonNullable<ReturnType<typeof readTrip>>;
export type Charge = NonNullable<ReturnType<typeof readCharge>>;

/** A trip; null without vehicle, begin or end. */
export function readTrip(raw: unknown) {
  const from = fields<api.Trip>(raw);
  const [device, beganAt, endedAt] = [text(from.device), timestamp(from.began_at), timestamp(from.ended_at)];
  if (device === null || beganAt === null || endedAt === null) return null;
  return {
    device,
    beganAt,
    endedAt,
    servedAt: timestamp(from.served_at),
    fromZone: text(from.from_zone),
    toZone: text(from.to_zone),
    /** Where it began and ended in the terminal's grid; null: not known. [m] */
    from: place(from.from_x_m, from.from_y_m),
    to: place(from.to_x_m, from.to_y_m),
    laden: boolean(from.laden),
    distanceM: number(from.distance_m),
    energyKwh: number(from.energy_kwh),
    containerIds: texts(from.container_ids),
  };
}

function place(x: unknown, y: unknown): { xM: number; yM: number } | null {
  const [xM, yM] = [number(x), number(y)];
  return xM === null || yM === null ? null : { xM, yM };
}

/** How long a vehicle waited after a trip; null while it waits, or where that was not seen. [min] */
export function waitMin(trip: Trip): number | null {
  return trip.servedAt === null ? null : (trip.servedAt - trip.endedAt) / 60_000;
}

/** A charging session; null without vehicle or begin. */
export function readCharge(raw: unknown) {
  const from = fields<api.Charge>(raw);
  const [device, beganAt] = [text(from.device), timestamp(from.began_at)];
  if (device === null || beganAt === null) return null;
  return {
    device,
    beganAt,
    endedAt: timestamp(from.ended_at),
    fromPct: number(from.battery_from_pct),
    toPct: number(from.battery_to_pct),
    energyKwh: number(from.energy_kwh),
  };
}
