/** Lists of an explanation that are about energy: quarters of an hour, devices. */

import { fixed } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { dayMinute } from "../shared/format/times.ts";
import { NumberCell } from "../shared/table/table.tsx";
import type { DeviceEnergy, QuarterEnergy } from "./explanation.ts";
import { List } from "./list.tsx";

export function Quarters({ quarters }: { quarters: readonly QuarterEnergy[] }) {
  if (quarters.length === 0) return null;
  const row = (one: QuarterEnergy) => (
    <tr>
      <td>{dayMinute(one.beganAt)}</td>
      <NumberCell>{fixed(one.energyKwh, 2)}</NumberCell>
      <NumberCell>{fixed(one.powerKw, 1)}</NumberCell>
      <NumberCell>{fixed(one.craneKwh, 1)}</NumberCell>
      <NumberCell>{fixed(one.reeferKwh, 1)}</NumberCell>
      <NumberCell>{fixed(one.vehicleKwh, 1)}</NumberCell>
      <NumberCell>{fixed(one.kgCo2PerKwh, 3)}</NumberCell>
    </tr>
  );
  return (
    <section class="quarters-counted">
      <h3>{`Quarters of an hour counted: ${fixed(quarters.length)}`}</h3>
      <List head={[timed("Began"), "kWh", "kW", "Cranes", "Reefers", "Chargers", "kg CO2/kWh"]} rows={quarters} row={row} />
    </section>
  );
}

export function Devices({ devices }: { devices: readonly DeviceEnergy[] }) {
  if (devices.length === 0) return null;
  const row = (one: DeviceEnergy) => (
    <tr>
      <th scope="row">{one.device}</th>
      <td>{one.equipment}</td>
      <NumberCell>{fixed(one.energyKwh, 2)}</NumberCell>
      <NumberCell>{fixed(one.hours, 2)}</NumberCell>
    </tr>
  );
  return (
    <section class="energy-counted">
      <h3>{`Devices that took energy: ${fixed(devices.length)}`}</h3>
      <List head={["Device", "Equipment", "kWh", "Hours known"]} rows={devices} row={row} />
    </section>
  );
}
