/** The trips of a span from above: a line from where each began to where it ended. */

import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { useSize } from "../shared/effects/size.ts";
import { fixed } from "../shared/format/numbers.ts";
import type { Trip } from "../shared/model/trip.ts";
import { GroundDrawing } from "../shared/vehicles/ground-drawing.tsx";
import { Ground } from "../shared/vehicles/ground.ts";
import { Plan } from "../shared/vehicles/plan.ts";

const MOST_HEIGHT_PX = 420;

export function TripMap({ trips }: { trips: readonly Trip[] }) {
  const host = useRef<HTMLDivElement>(null);
  const width = useSize(host)?.width ?? 0;
  const ground = useMemo(() => groundOf(trips), [trips]);
  const version = useSignal(0);
  const { extent } = ground;
  const plan = useMemo(() => (extent === null || width === 0 ? null : new Plan(extent, { width, height: MOST_HEIGHT_PX })), [extent, width]);
  const laden = trips.filter((one) => one.laden === true).length;
  return (
    <div class="trip-room vehicle-panel" ref={host}>
      <ul class="trip-legend">
        <li>
          <i data-load="laden" aria-hidden="true" /> {fixed(laden)} laden
        </li>
        <li>
          <i data-load="empty" aria-hidden="true" /> {fixed(trips.length - laden)} empty or not known
        </li>
        <li class="note">from where each trip began straight to where it ended</li>
      </ul>
      {plan === null ? null : (
        <div class="vehicle-map" role="img" aria-label={`${fixed(trips.length)} trips from above, ${fixed(laden)} laden`} style={{ width: `${plan.width}px`, height: `${plan.height}px` }}>
          <GroundDrawing ground={ground} plan={plan} version={version} />
          <svg class="trip-lines" width={plan.width} height={plan.height} aria-hidden="true">
            <path class="empty" d={linesOf(trips, plan, false)} />
            <path class="laden" d={linesOf(trips, plan, true)} />
          </svg>
        </div>
      )}
    </div>
  );
}

function groundOf(trips: readonly Trip[]): Ground {
  const ground = new Ground();
  for (const { from, to, fromZone, toZone } of trips) {
    if (from !== null) ground.add({ ...from, zone: fromZone }, null);
    if (to !== null) ground.add({ ...to, zone: toZone }, null);
  }
  return ground;
}

function linesOf(trips: readonly Trip[], plan: Plan, laden: boolean): string {
  return trips
    .filter((one) => (one.laden === true) === laden)
    .map(({ from, to }) => {
      if (from === null || to === null) return "";
      const [a, b] = [plan.at(from.xM, from.yM), plan.at(to.xM, to.yM)];
      return `M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${b.x.toFixed(1)} ${b.y.toFixed(1)}`;
    })
    .join("");
}
