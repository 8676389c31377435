/** The terminal from above with its vehicles. Where they are is set on the elements themselves, once a sample. */

import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { type Crane, craneOf, craneSide } from "../cranes/crane.ts";
import { useSize } from "../effects/size.ts";
import { useSession } from "../live/context.ts";
import { tooltips } from "../tooltip/tooltip.tsx";
import { GroundDrawing } from "./ground-drawing.tsx";
import { Ground, type Place } from "./ground.ts";
import type { Marks } from "./marks.ts";
import { type Extent, Plan } from "./plan.ts";
import { StsMark, trolley } from "./sts-mark.tsx";
import { tripEnds } from "./trips.ts";
import { vehicleLines } from "./vehicle.ts";
import { VehicleMark, type Vehicles } from "./vehicle-mark.tsx";

const MOST_HEIGHT_PX = 520;
const SCALE_M = 100;
/** So much of the water is drawn, and of the quay beside a crane. */
const WATER_M = 30;
const BESIDE_M = 40;
/** Drawn a little larger than they are, and never so small that nothing is seen. */
const LENGTH_M = 15;
const LENGTH_PX = { least: 13, most: 24 };

interface Properties {
  ids: readonly string[];
  vehicles: Vehicles;
  marks: Marks;
  /** What the drawing shows, in words. */
  label: string;
}

export function VehicleMap({ ids, vehicles, marks, label }: Properties) {
  const session = useSession();
  const host = useRef<HTMLDivElement>(null);
  const width = useSize(host)?.width ?? 0;
  const data = session.data.value;
  const ground = useMemo(() => new Ground(), [data]);
  const [extent, version] = [useSignal<Extent | null>(null), useSignal(0)];
  const cranes = data.ids("crane").filter((id) => craneSide(data, id) === "quay");
  const covered = extent.value;
  const plan = useMemo(() => (covered === null || width === 0 ? null : new Plan(covered, { width, height: MOST_HEIGHT_PX })), [covered, width]);
  usePast(ground, version);
  useVehicles(vehicles, ground, marks, plan, extent, version);
  useCranes(cranes, ground, marks, plan);
  const lines = (part: Element) => {
    const vehicle = vehicles.peek().get(part.getAttribute("data-vehicle") ?? "");
    return vehicle === undefined ? null : vehicleLines(vehicle, session.exactNowMs);
  };
  const lengthPx = Math.min(LENGTH_PX.most, Math.max(LENGTH_PX.least, LENGTH_M * (plan?.pxPerM ?? 1)));
  return (
    <div class="vehicle-room" ref={host}>
      {plan === null ? null : (
        <div class="vehicle-map" role="img" aria-label={label} style={{ width: `${plan.width}px`, height: `${plan.height}px` }} {...tooltips("[data-vehicle]", lines)}>
          <GroundDrawing ground={ground} plan={plan} version={version} />
          {cranes.map((id) => (
            <StsMark key={`crane ${id}`} id={id} plan={plan} marks={marks} />
          ))}
          {ids.map((id) => (
            <VehicleMark key={id} id={id} vehicles={vehicles} marks={marks} lengthPx={lengthPx} />
          ))}
          <span class={plan.turned ? "map-scale" : "map-scale on-water"} style={{ width: `${SCALE_M * plan.pxPerM}px` }}>{`${SCALE_M} m`}</span>
        </div>
      )}
    </div>
  );
}

/** Let the ground begin with where vehicles were before. */
function usePast(ground: Ground, version: Signal<number>): void {
  const { terminal } = useSession();
  useEffect(() => {
    void tripEnds(terminal.peek()).then((places) => {
      for (const one of places) ground.add(one, null);
      version.value = ground.version;
    });
  }, [ground]);
}

/** Let marks follow vehicles, and the ground grow with them. */
function useVehicles(vehicles: Vehicles, ground: Ground, marks: Marks, plan: Plan | null, extent: Signal<Extent | null>, version: Signal<number>): void {
  const places = useRef(new Map<string, Place>());
  useEffect(() => places.current.clear(), [ground]);
  const follow = (): void => {
    for (const { id, xM, yM, zone, headingDeg } of vehicles.value.values()) {
      if (xM === null || yM === null) continue;
      const place = { xM, yM, zone };
      ground.add(place, places.current.get(id) ?? null);
      places.current.set(id, place);
      if (plan !== null) marks.move(id, plan, xM, yM, headingDeg);
    }
    extent.value = ground.extent;
    version.value = ground.version;
  };
  useFollowing(follow, plan);
}

/** Let quay cranes follow their gantries and trolleys. */
function useCranes(ids: readonly string[], ground: Ground, marks: Marks, plan: Plan | null): void {
  const session = useSession();
  const follow = (): void => {
    const data = session.data.value;
    const cranes = ids.map((id): Crane => craneOf(data, id, session.exactNowMs));
    for (const { id, gantryM, trolleyM } of cranes) {
      if (gantryM === null) continue;
      ground.cover(gantryM - BESIDE_M, -WATER_M);
      ground.cover(gantryM + BESIDE_M, -WATER_M);
      if (plan === null) continue;
      marks.move(id, plan, gantryM, 0, 0);
      if (trolleyM !== null) marks.slide(trolley(id), plan, -trolleyM);
    }
  };
  useFollowing(follow, plan);
}

/** Run something when a signal that it reads has changed, and when there is another plan. */
function useFollowing(follow: () => void, plan: Plan | null): void {
  const current = useRef(follow);
  current.current = follow;
  useSignalEffect(() => current.current());
  useEffect(() => current.current(), [plan]);
}
