/** The vehicles as a table: the picture for people who use a keyboard or a screen reader, and in numbers for all. */

import { fixed, NOTHING } from "../format/numbers.ts";
import { useSession } from "../live/context.ts";
import { figuresLink } from "../routing/links.ts";
import { Head } from "../table/table.tsx";
import { loadText, SIGNS, type Vehicle } from "./vehicle.ts";
import { useLook, type Vehicles } from "./vehicle-mark.tsx";

const looks = (vehicle: Vehicle) => ({
  state: vehicle.state,
  load: loadText(vehicle, 1),
  battery: vehicle.batteryPct === null ? null : Math.floor(vehicle.batteryPct),
  low: vehicle.low,
  zone: vehicle.zone,
  job: vehicle.job,
});

interface Properties {
  ids: readonly string[];
  vehicles: Vehicles;
  /** Called with the vehicle at whose row somebody looks; null: at none. */
  looksAt: (id: string | null) => void;
}

export function VehicleTable({ ids, vehicles, looksAt }: Properties) {
  const { terminal } = useSession();
  const enter = (event: Event): void => looksAt(event.target instanceof Element ? (event.target.closest("[data-row]")?.getAttribute("data-row") ?? null) : null);
  const leave = (): void => looksAt(null);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Vehicles" onPointerOver={enter} onFocusIn={enter} onPointerLeave={leave} onFocusOut={leave}>
      <table class="vehicles">
        <caption class="unseen">Vehicles</caption>
        <Head names={["Vehicle", "State", "Load", "Battery", "Zone", "Order"]} />
        <tbody>
          {ids.map((id) => (
            <Row key={id} id={id} vehicles={vehicles} link={figuresLink(terminal.value, id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ id, vehicles, link }: { id: string; vehicles: Vehicles; link: string }) {
  const look = useLook(vehicles, id, looks);
  if (look === null) return null;
  const { state, load, battery, low, zone, job } = look;
  return (
    <tr data-state={state} data-row={id}>
      <th scope="row">
        <a href={link} title="Figures of this vehicle">
          {id}
        </a>
      </th>
      <td class="state">
        <span aria-hidden="true">{SIGNS[state]}</span> {state}
      </td>
      <td>{load}</td>
      <td class="battery" data-low={low ? "" : undefined}>
        <span class="charge" aria-hidden="true">
          <span style={{ width: `${battery ?? 0}%` }} />
        </span>
        {`${fixed(battery)} %${low ? " low" : ""}`}
      </td>
      <td>{zone ?? NOTHING}</td>
      <td>{job ?? NOTHING}</td>
    </tr>
  );
}
