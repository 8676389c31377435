/** Vehicles between quay and yard: their KPIs, the terminal from above, a table. Nothing where there are none. */

import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { fixed } from "../format/numbers.ts";
import { Readings } from "../kpis/readings.tsx";
import { useSession, useTerminalData } from "../live/context.ts";
import { Marks } from "./marks.ts";
import { counts, SIGNS, type Vehicle, vehicleOf, type VehicleState } from "./vehicle.ts";
import { VehicleMap } from "./vehicle-map.tsx";
import { VehicleShape, type Vehicles } from "./vehicle-mark.tsx";
import { VehicleTable } from "./vehicle-table.tsx";

export function VehiclePanel() {
  const ids = useTerminalData().ids("vehicle");
  return ids.length === 0 ? null : <Panel ids={ids} />;
}

function Panel({ ids }: { ids: readonly string[] }) {
  const vehicles = useVehicles();
  const data = useSession().data.value;
  const marks = useMemo(() => new Marks(), [data]);
  const label = useComputed(() => `Vehicles from above: ${countTexts(vehicles).join(", ")}`).value;
  return (
    <section class="panel vehicle-panel" id="vehicles" aria-labelledby="vehicle-title">
      <div class="panel-head">
        <h2 id="vehicle-title">Vehicles</h2>
        <Legend vehicles={vehicles} />
      </div>
      <Kpis />
      <div class="vehicle-body">
        <VehicleMap ids={ids} vehicles={vehicles} marks={marks} label={label} />
        <div class="vehicle-list">
          <VehicleTable ids={ids} vehicles={vehicles} looksAt={(id) => marks.light(id)} />
        </div>
      </div>
    </section>
  );
}

/** All vehicles as their last samples have them; looked at each second, since silence is seen only so. */
function useVehicles(): Vehicles {
  const session = useSession();
  return useComputed(() => {
    const [data, nowMs] = [session.data.value, session.nowMs];
    return new Map(data.ids("vehicle").map((id): [string, Vehicle] => [id, vehicleOf(data, id, nowMs)]));
  });
}

/** The KPIs of the catalogue that are about vehicles. */
function Kpis() {
  const { catalogue, terminal } = useSession();
  const kpis = [...catalogue.value.keys()].filter((id) => /^vehicles?_/.test(id));
  return <Readings subject={terminal.value} kpis={kpis} windows={["PT1H", "now"]} />;
}

function countTexts(vehicles: Vehicles): string[] {
  const found: [VehicleState, number][] = [...counts(vehicles.value.values())];
  return found.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
}

function Legend({ vehicles }: { vehicles: Vehicles }) {
  const text = useComputed(() => JSON.stringify([...counts(vehicles.value.values())]));
  const low: ReadonlySignal<number> = useComputed(() => [...vehicles.value.values()].filter((one) => one.low).length);
  return (
    <ul class="legend vehicle-legend" aria-label="Vehicle states">
      {(JSON.parse(text.value) as [VehicleState, number][]).map(([state, count]) => (
        <li key={state} data-state={state}>
          <span class="sign" aria-hidden="true">
            {SIGNS[state]}
          </span>
          <b>{fixed(count)}</b> {state}
        </li>
      ))}
      <li>
        <VehicleShape lengthPx={18} laden={true} low={false} />
        laden
      </li>
      <li>
        <VehicleShape lengthPx={18} laden={false} low={false} />
        empty
      </li>
      <li data-low={low.value > 0 ? "" : undefined}>
        <VehicleShape lengthPx={18} laden={false} low={true} />
        <b>{fixed(low.value)}</b> battery low
      </li>
    </ul>
  );
}
