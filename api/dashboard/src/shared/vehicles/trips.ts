/** Trips that were driven before the page was opened: where they began and ended, places that the ground has. */

import { get, valueOf } from "../api/client.ts";
import { each, fields, number, text } from "../api/fields.ts";
import type * as api from "../api/schema.ts";
import type { Place } from "./ground.ts";

/** Enough that most places of a terminal are among their ends. */
const MOST_TRIPS = 500;

/** Both ends of the last trips; none where they cannot be read. */
export async function tripEnds(terminal: string): Promise<Place[]> {
  return (await valueOf(get("vehicles/trips", { terminal, limit: MOST_TRIPS }, readEnds))) ?? [];
}

/** Both ends of trips; those without a position are left out. */
export function readEnds(body: unknown): Place[] {
  return each(fields<api.Trips>(body).trips, (one) => fields<api.Trip>(one)).flatMap((trip) => [
    ...placeOf(trip.from_x_m, trip.from_y_m, trip.from_zone),
    ...placeOf(trip.to_x_m, trip.to_y_m, trip.to_zone),
  ]);
}

function placeOf(x: unknown, y: unknown, zone: unknown): Place[] {
  const [xM, yM] = [number(x), number(y)];
  return xM === null || yM === null ? [] : [{ xM, yM, zone: text(zone) }];
}
