/** Energy in figures: by kind of equipment, for each box, move, trip and reefer-hour, largest quarters, racks. */

import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { dayMinute } from "../shared/format/times.ts";
import { kpiLink } from "../shared/routing/links.ts";
import { Head, NumberCell } from "../shared/table/table.tsx";
import { type Energy, KINDS, type Peak, type PerUnit, type Rack, total } from "./energy.ts";

const NUMBERS: ReadonlySet<string> = new Set(["kWh", "kg CO2", "Share", "Count", "kWh each", "kg CO2 each", "kW"]);

export function KindTable({ energy }: { energy: Energy }) {
  const all = total(energy.kinds);
  return (
    <section class="energy-table" aria-label="By kind of equipment">
      <h3>By kind of equipment</h3>
      <table>
        <Head names={["Equipment", "kWh", "Share", "kg CO2"]} numbers={NUMBERS} />
        <tbody>
          {KINDS.map(({ id, name, colour }) => {
            const kind = energy.kinds.find((one) => one.equipment === id);
            return (
              <tr key={id}>
                <th scope="row">
                  <span class="swatch" aria-hidden="true" style={{ "--colour": `var(${colour})` }} />
                  {name}
                </th>
                <NumberCell>{fixed(kind?.energyKwh)}</NumberCell>
                <NumberCell>{kind === undefined || all.energyKwh === 0 ? NOTHING : `${fixed((100 * kind.energyKwh) / all.energyKwh)} %`}</NumberCell>
                <NumberCell>{fixed(kind?.co2Kg, 1)}</NumberCell>
              </tr>
            );
          })}
          <tr>
            <th scope="row">all</th>
            <NumberCell>{fixed(all.energyKwh)}</NumberCell>
            <NumberCell>{NOTHING}</NumberCell>
            <NumberCell>{fixed(all.co2Kg, 1)}</NumberCell>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

export function PerUnitTable({ rows }: { rows: readonly PerUnit[] }) {
  return (
    <section class="energy-table" aria-label="For each of them">
      <h3>For each of them</h3>
      <table>
        <Head names={["Of a", "Count", "kWh each", "kg CO2 each"]} numbers={NUMBERS} />
        <tbody>
          {rows.map((one) => (
            <tr key={one.of} title={MEANINGS[one.of]}>
              <th scope="row">{one.of}</th>
              <NumberCell>{fixed(one.count)}</NumberCell>
              <NumberCell>{fixed(one.eachKwh, 2)}</NumberCell>
              <NumberCell>{fixed(one.eachCo2Kg, 2)}</NumberCell>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const MEANINGS: Record<string, string> = {
  box: "Energy of the whole terminal over the boxes of its quay cranes",
  move: "By the counter of a quay crane over the cycle of a counted move",
  trip: "By the counter of a vehicle, from its battery or tank",
  "reefer-hour": "Of plugs that drew power, over the time for which their power is known",
};

export function PeakTable({ peaks }: { peaks: readonly Peak[] }) {
  return (
    <section class="energy-table" aria-label="Largest quarters of an hour">
      <h3>Largest quarters of an hour</h3>
      <table>
        <Head names={[timed("Began"), "kW"]} numbers={NUMBERS} />
        <tbody>
          {peaks.map((one) => (
            <tr key={one.beganAt}>
              <td>{dayMinute(one.beganAt)}</td>
              <NumberCell>{fixed(one.powerKw)}</NumberCell>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function RackTable({ racks, terminal }: { racks: readonly Rack[]; terminal: string }) {
  if (racks.length === 0) return null;
  return (
    <section class="energy-table" aria-label="Racks of reefers">
      <h3>Racks of reefers, largest quarter first</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label="Racks">
        <table>
          <Head names={["Rack", "kW", timed("Began"), "kWh"]} numbers={NUMBERS} />
          <tbody>
            {racks.map((one) => (
              <tr key={one.rack}>
                <th scope="row">
                  <a href={kpiLink(terminal, "energy_peak", one.rack)}>{one.rack}</a>
                </th>
                <NumberCell>{fixed(one.peak.powerKw, 1)}</NumberCell>
                <td>{dayMinute(one.peak.beganAt)}</td>
                <NumberCell>{fixed(one.energyKwh, 1)}</NumberCell>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
