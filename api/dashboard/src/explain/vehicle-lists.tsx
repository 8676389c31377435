/** Lists of an explanation that are about vehicles: trips, charging sessions. */

import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { clock, dayMinute } from "../shared/format/times.ts";
import { type Charge, type Trip, waitMin } from "../shared/model/trip.ts";
import { NumberCell } from "../shared/table/table.tsx";
import { List } from "./list.tsx";

export function Trips({ trips }: { trips: readonly Trip[] }) {
  if (trips.length === 0) return null;
  const row = (one: Trip) => (
    <tr>
      <th scope="row">{one.device}</th>
      <td>{clock(one.beganAt)}</td>
      <td>{clock(one.endedAt)}</td>
      <td>{`${one.fromZone ?? NOTHING} → ${one.toZone ?? NOTHING}`}</td>
      <td class={one.laden && one.containerIds.length > 0 ? "ids" : undefined}>{loadOf(one)}</td>
      <NumberCell>{fixed(one.distanceM)}</NumberCell>
      <NumberCell>{fixed(one.energyKwh, 2)}</NumberCell>
      <NumberCell>{fixed(waitMin(one), 1)}</NumberCell>
    </tr>
  );
  return (
    <section class="trips-counted">
      <h3>{`Trips that ended in the window: ${fixed(trips.length)}`}</h3>
      <List head={["Vehicle", timed("Left"), "Arrived", "Way", "Load", "m", "kWh", "Waited min"]} rows={trips} row={row} />
    </section>
  );
}

function loadOf({ laden, containerIds }: Trip): string {
  if (laden === null) return NOTHING;
  return laden ? containerIds.join(" ") || "laden" : "empty";
}

export function Charges({ charges }: { charges: readonly Charge[] }) {
  if (charges.length === 0) return null;
  const row = (one: Charge) => (
    <tr>
      <th scope="row">{one.device}</th>
      <td>{dayMinute(one.beganAt)}</td>
      <td>{dayMinute(one.endedAt)}</td>
      <NumberCell>{fixed(one.fromPct)}</NumberCell>
      <NumberCell>{fixed(one.toPct)}</NumberCell>
      <NumberCell>{fixed(one.energyKwh, 1)}</NumberCell>
    </tr>
  );
  return (
    <section class="charges-counted">
      <h3>{`Charging sessions that ended in the window: ${fixed(charges.length)}`}</h3>
      <List head={["Vehicle", timed("From"), "Until", "Battery % before", "Battery % after", "kWh"]} rows={charges} row={row} />
    </section>
  );
}
