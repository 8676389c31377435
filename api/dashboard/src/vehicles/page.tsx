/** Vehicles: where they are, or drove; their batteries, trips and charging sessions. */

import { useMemo } from "preact/hooks";
import { number } from "../shared/api/fields.ts";
import { byId } from "../shared/format/ids.ts";
import { zoneTitle } from "../shared/format/shown-zone.ts";
import { useTerminalData } from "../shared/live/context.ts";
import { Empty } from "../shared/notice/notice.tsx";
import { SpannedPanel } from "../shared/span/spanned-panel.tsx";
import { type PageSpan, useSpan, useSpanned } from "../shared/span/use-span.ts";
import { VehiclePanel } from "../shared/vehicles/vehicles.tsx";
import { type VehiclesRoute, vehiclesRoute } from "./route.ts";
import { ChargeTable, SumsTable, TripTable } from "./tables.tsx";
import { TripMap } from "./trip-map.tsx";
import { sumsByVehicle, type Work, workOf } from "./work.ts";

const LIVE_MS = 4 * 3_600_000;
const REREAD_MS = 10_000;
const ALL = "";

export function VehiclesPage({ route }: { route: VehiclesRoute }) {
  const { terminal, device } = route;
  const span = useSpan(route, LIVE_MS);
  const shown = useSpanned(span, {
    read: (bounds) => workOf(terminal, device, bounds),
    isEmpty: ({ trips, charges }) => trips.length + charges.length === 0,
    everyMs: REREAD_MS,
    inputs: [terminal, device],
  });
  const empty = (
    <Empty title={`No trips of ${device ?? "vehicles"} in this time`}>A trip is there when a vehicle has arrived and stands; a charging session when it has begun.</Empty>
  );
  const above = <p class="note">{`Times in ${zoneTitle()}.`}{span.live ? " Trips and charging of the last 4 hours." : ""}</p>;
  return (
    <>
      <SpannedPanel id="vehicle-work-title" title="Trips and charging" shown={shown} what="trips and charging sessions" picker above={above} tools={<VehicleFilter route={route} />} empty={empty}>
        {(work) => <Body work={work} span={span} route={route} />}
      </SpannedPanel>
      {span.live ? <VehiclePanel /> : null}
    </>
  );
}

function VehicleFilter({ route }: { route: VehiclesRoute }) {
  const known = useTerminalData().ids("vehicle");
  const ids = route.device === null || known.includes(route.device) ? known : [...known, route.device].sort(byId);
  const choose = (id: string): void => {
    location.hash = vehiclesRoute.link({ ...route, device: id === ALL ? null : id });
  };
  return (
    <select aria-label="Vehicle" value={route.device ?? ALL} onChange={(event) => choose(event.currentTarget.value)}>
      <option value={ALL}>all vehicles</option>
      {ids.map((id) => (
        <option key={id} value={id} selected={id === route.device}>
          {id}
        </option>
      ))}
    </select>
  );
}

function Body({ work, span, route }: { work: Work; span: PageSpan; route: VehiclesRoute }) {
  const bounds = useMemo(() => span.bounds(), [work, span.key]);
  const sums = useMemo(() => sumsByVehicle(work), [work]);
  const batteries = useBatteries(span.live);
  return (
    <div class="vehicle-work">
      {span.live ? null : <TripMap trips={work.trips} />}
      {sums.length === 0 ? null : <SumsTable sums={sums} bounds={bounds} route={route} now={batteries} />}
      <div class="vehicle-lists">
        <TripTable terminal={route.terminal} trips={work.trips} />
        <ChargeTable charges={work.charges} />
      </div>
    </div>
  );
}

/** Charge of each battery by its last sample; none of a span that is over. [%] */
function useBatteries(live: boolean): ReadonlyMap<string, number> {
  const data = useTerminalData();
  if (!live) return new Map();
  return new Map(
    data.ids("vehicle").flatMap((id): [string, number][] => {
      const pct = number(data.sample("vehicle", id)?.signals["battery_pct"]);
      return pct === null ? [] : [[id, pct]];
    }),
  );
}
