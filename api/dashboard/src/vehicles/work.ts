/** What vehicles did in a span: trips, charging sessions, and sums of them by vehicle. Times in ms since 1970 UTC. */

import { get, type Result } from "../shared/api/client.ts";
import { each, fields } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { byId } from "../shared/format/ids.ts";
import { type Charge, readCharge, readTrip, type Trip, waitMin } from "../shared/model/trip.ts";
import { type Bounds, between } from "../shared/span/span.ts";

/** More are not read; the newest are. */
export const MOST = 2_000;

export interface Work {
  /** Newest first. */
  trips: Trip[];
  charges: Charge[];
}

export async function workOf(terminal: string, device: string | null, bounds: Bounds): Promise<Result<Work>> {
  const query = { terminal, device, limit: MOST, ...between(bounds) };
  const [trips, charges] = await Promise.all([
    get("vehicles/trips", query, (body) => each(fields<api.Trips>(body).trips, readTrip)),
    get("vehicles/charges", query, (body) => each(fields<api.Charges>(body).charges, readCharge)),
  ]);
  if (!trips.ok) return trips;
  return charges.ok ? { ok: true, value: { trips: trips.value, charges: charges.value } } : charges;
}

export interface Sums {
  device: string;
  trips: number;
  km: number;
  /** Part of the way without a container; null: no way is known. */
  emptyShare: number | null;
  /** Of trips, by the vehicle's counter. */
  energyKwh: number;
  /** Mean of the waits after trips that have ended; null: there are none. [min] */
  waitMin: number | null;
  chargedKwh: number;
  sessions: number;
  /** When the battery was how full, as charging sessions show it, oldest first. */
  battery: [ms: number, pct: number][];
}

/** Sums of each vehicle that has a trip or a charging session. */
export function sumsByVehicle({ trips, charges }: Work): Sums[] {
  const devices = [...new Set([...trips, ...charges].map((one) => one.device))].sort(byId);
  return devices.map((device) => {
    const own = trips.filter((one) => one.device === device);
    const sessions = charges.filter((one) => one.device === device);
    const way = (some: readonly Trip[]): number => some.reduce((sum, one) => sum + (one.distanceM ?? 0), 0) / 1000;
    const known = own.filter((one) => one.laden !== null);
    const waits = own.map(waitMin).filter((one) => one !== null);
    const knownKm = way(known);
    return {
      device,
      trips: own.length,
      km: way(own),
      emptyShare: knownKm === 0 ? null : way(known.filter((one) => one.laden === false)) / knownKm,
      energyKwh: own.reduce((sum, one) => sum + (one.energyKwh ?? 0), 0),
      waitMin: waits.length === 0 ? null : waits.reduce((sum, one) => sum + one, 0) / waits.length,
      chargedKwh: sessions.reduce((sum, one) => sum + (one.energyKwh ?? 0), 0),
      sessions: sessions.length,
      battery: batteryOf(sessions),
    };
  });
}

function batteryOf(sessions: readonly Charge[]): [number, number][] {
  const points = sessions.flatMap(({ beganAt, endedAt, fromPct, toPct }) => [
    ...(fromPct === null ? [] : [[beganAt, fromPct] as [number, number]]),
    ...(endedAt === null || toPct === null ? [] : [[endedAt, toPct] as [number, number]]),
  ]);
  return points.sort((a, b) => a[0] - b[0]);
}
