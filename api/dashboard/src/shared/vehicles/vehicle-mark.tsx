/** The mark of a vehicle: a body that points where it heads, with the box on it. */

import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Marks } from "./marks.ts";
import type { Vehicle } from "./vehicle.ts";

export type Vehicles = ReadonlySignal<ReadonlyMap<string, Vehicle>>;

/** What is drawn of a vehicle beside where it is; the same object as long as that does not change. */
export function useLook<T extends object>(vehicles: Vehicles, id: string, look: (vehicle: Vehicle) => T): T | null {
  const before = useRef<[text: string, look: T] | null>(null);
  return useComputed(() => {
    const vehicle = vehicles.value.get(id);
    if (vehicle === undefined) return null;
    const now = look(vehicle);
    const text = JSON.stringify(now);
    if (before.current?.[0] !== text) before.current = [text, now];
    return before.current[1];
  }).value;
}

const looks = ({ state, laden, low }: Vehicle) => ({ state, laden, low });

/** @param lengthPx of the body. */
export function VehicleMark({ id, vehicles, marks, lengthPx }: { id: string; vehicles: Vehicles; marks: Marks; lengthPx: number }) {
  const look = useLook(vehicles, id, looks);
  return (
    <div class="vehicle-mark" ref={(node) => marks.set(id, node)} data-vehicle={id} data-state={look?.state}>
      <VehicleShape lengthPx={lengthPx} laden={look?.laden ?? false} low={look?.low ?? false} charging={look?.state === "charging"} />
    </div>
  );
}

interface Shape {
  lengthPx: number;
  laden: boolean;
  low: boolean;
  charging?: boolean;
}

/** Looks to the right, its middle at the origin. */
export function VehicleShape({ lengthPx, laden, low, charging = false }: Shape) {
  return (
    <svg viewBox="-13 -7 26 14" width={(lengthPx / 22) * 26} height={(lengthPx / 22) * 14}>
      <path class="body" d="M-11 -4.5H7L11 -2V2L7 4.5H-11Z" />
      {laden ? <rect class="load" x={-9.5} y={-3} width={14.5} height={6} rx={0.6} /> : null}
      {charging ? <path class="bolt" d="M6 -1.2L-3 -3.4L-0.8 -0.4L-9 1.2L0.4 3.4L-1.8 0.4Z" /> : null}
      {low ? <circle class="low" cx={-9} cy={0} r={4} /> : null}
    </svg>
  );
}
