/** Vehicles in a span as tables: sums of each with its battery, trips, charging sessions. */

import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { dayMinute, duration } from "../shared/format/times.ts";
import { type Charge, type Trip, waitMin } from "../shared/model/trip.ts";
import type { Bounds } from "../shared/span/span.ts";
import { containersRoute } from "../shared/routing/links.ts";
import { Head, NumberCell } from "../shared/table/table.tsx";
import { type VehiclesRoute, vehiclesRoute } from "./route.ts";
import { MOST, type Sums } from "./work.ts";

const NUMBERS: ReadonlySet<string> = new Set(["Trips", "km", "Empty", "kWh", "kWh each", "Wait min", "Charged kWh", "m", "Battery %", "Took"]);
const LISTED = 200;
const LINE = { width: 150, height: 24 };
const DOT_PX = 2.5;

interface SumsProperties {
  sums: readonly Sums[];
  bounds: Bounds;
  route: VehiclesRoute;
  /** Charge of batteries now, while the page is live. [%] */
  now: ReadonlyMap<string, number>;
}

export function SumsTable({ sums, bounds, route, now }: SumsProperties) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="By vehicle">
      <table class="vehicle-sums">
        <caption>By vehicle</caption>
        <Head names={["Vehicle", "Battery", "Trips", "km", "Empty", "Wait min", "kWh", "kWh each", "Charged kWh"]} numbers={NUMBERS} />
        <tbody>
          {sums.map((one) => (
            <tr key={one.device}>
              <th scope="row">
                <a href={vehiclesRoute.link({ ...route, device: one.device })} title="This vehicle alone">
                  {one.device}
                </a>
              </th>
              <td>
                <Battery points={one.battery} bounds={bounds} now={now.get(one.device) ?? null} />
              </td>
              <NumberCell>{fixed(one.trips)}</NumberCell>
              <NumberCell>{fixed(one.km, 1)}</NumberCell>
              <NumberCell>{one.emptyShare === null ? NOTHING : `${fixed(100 * one.emptyShare)} %`}</NumberCell>
              <NumberCell>{fixed(one.waitMin, 1)}</NumberCell>
              <NumberCell>{fixed(one.energyKwh, 1)}</NumberCell>
              <NumberCell>{fixed(one.trips === 0 ? null : one.energyKwh / one.trips, 2)}</NumberCell>
              <NumberCell>{fixed(one.chargedKwh, 1)}</NumberCell>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How full a battery was, as its charging sessions show it; and now. */
function Battery({ points, bounds, now }: { points: readonly [number, number][]; bounds: Bounds; now: number | null }) {
  const known = now === null ? points : [...points, [bounds.toMs, now] as [number, number]];
  const last = known.at(-1);
  if (last === undefined) return <>{NOTHING}</>;
  const inside = (share: number): number => Math.max(0, Math.min(1, share));
  const x = (ms: number): number => DOT_PX + inside((ms - bounds.fromMs) / (bounds.toMs - bounds.fromMs)) * (LINE.width - 2 * DOT_PX);
  const y = (pct: number): number => LINE.height - DOT_PX - (pct / 100) * (LINE.height - 2 * DOT_PX);
  return (
    <span class="battery-line" role="img" aria-label={`Battery ${fixed(last[1])} %`}>
      <svg width={LINE.width} height={LINE.height} aria-hidden="true">
        <path class="low" d={`M0 ${y(20)}H${LINE.width}`} />
        <path class="line" d={known.map(([ms, pct], n) => `${n === 0 ? "M" : "L"}${x(ms).toFixed(1)} ${y(pct).toFixed(1)}`).join("")} />
        <circle cx={x(last[0])} cy={y(last[1])} r={DOT_PX} />
      </svg>
      {` ${fixed(last[1])} %`}
    </span>
  );
}

export function TripTable({ terminal, trips }: { terminal: string; trips: readonly Trip[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Trips">
      <table>
        <caption>{`Trips: ${listed(trips.length)}`}</caption>
        <Head names={["Vehicle", timed("Left"), "Took", "Way", "Load", "m", "kWh", "Wait min"]} numbers={NUMBERS} />
        <tbody>
          {trips.slice(0, LISTED).map((one) => (
            <tr key={`${one.device} ${one.beganAt}`}>
              <th scope="row">{one.device}</th>
              <td>{dayMinute(one.beganAt)}</td>
              <NumberCell>{duration(one.endedAt - one.beganAt)}</NumberCell>
              <td>{`${one.fromZone ?? NOTHING} → ${one.toZone ?? NOTHING}`}</td>
              <td>
                <Load terminal={terminal} trip={one} />
              </td>
              <NumberCell>{fixed(one.distanceM)}</NumberCell>
              <NumberCell>{fixed(one.energyKwh, 2)}</NumberCell>
              <NumberCell>{fixed(waitMin(one), 1)}</NumberCell>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What it carried; each container leads to its timeline. */
function Load({ terminal, trip: { laden, containerIds } }: { terminal: string; trip: Trip }) {
  if (laden === null) return <>{NOTHING}</>;
  if (!laden) return <>empty</>;
  if (containerIds.length === 0) return <>laden</>;
  return (
    <>
      {containerIds.map((container) => (
        <a key={container} href={containersRoute.link({ ...containersRoute.entry(terminal), container })}>
          {container}{" "}
        </a>
      ))}
    </>
  );
}

export function ChargeTable({ charges }: { charges: readonly Charge[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Charging sessions">
      <table>
        <caption>{`Charging sessions: ${listed(charges.length)}`}</caption>
        <Head names={["Vehicle", timed("From"), "Until", "Battery %", "kWh"]} numbers={NUMBERS} />
        <tbody>
          {charges.slice(0, LISTED).map((one) => (
            <tr key={`${one.device} ${one.beganAt}`}>
              <th scope="row">{one.device}</th>
              <td>{dayMinute(one.beganAt)}</td>
              <td>{one.endedAt === null ? "lasts" : dayMinute(one.endedAt)}</td>
              <NumberCell>{`${fixed(one.fromPct)} → ${fixed(one.toPct)}`}</NumberCell>
              <NumberCell>{fixed(one.energyKwh, 1)}</NumberCell>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function listed(count: number): string {
  const known = count === MOST ? `the newest ${fixed(count)}` : fixed(count);
  return count > LISTED ? `${known}, ${fixed(LISTED)} listed` : known;
}
