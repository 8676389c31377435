/** Water, quay, roads, blocks, places: what stands still on the drawing from above. */

import type { ReadonlySignal } from "@preact/signals";
import { NOTHING } from "../format/numbers.ts";
import type { Box, Ground } from "./ground.ts";
import type { Plan } from "./plan.ts";

const RAILS_M = [0, 30];
const WALL_M = -4;
const AREA_PAD_M = 9;
const BAY_M = 14;
const NAMES: Record<string, string> = { charger: "Chargers", parking: "Parking", gate: "Gate", workshop: "Workshop" };

interface Properties {
  ground: Ground;
  plan: Plan;
  /** Changes with what is drawn. */
  version: ReadonlySignal<number>;
}

export function GroundDrawing({ ground, plan, version }: Properties) {
  void version.value;
  const { x, y } = plan.extent;
  const wide = x.high - x.low;
  return (
    <svg class="vehicle-ground" width={plan.width} height={plan.height} aria-hidden="true">
      <g transform={plan.matrix}>
        <rect class="water" x={x.low} y={y.low} width={wide} height={WALL_M - y.low} />
        <rect class="quay-deck" x={x.low} y={WALL_M} width={wide} height={RAILS_M[1]! + 8 - WALL_M} />
        <path class="quay-edge" d={`M${x.low} ${WALL_M}H${x.high}`} />
        <path class="road" d={ground.roads()} />
        {RAILS_M.map((at) => (
          <path class="quay-rail" d={`M${x.low} ${at}H${x.high}`} />
        ))}
        {[...ground.areas].map(([zone, box]) => (
          <BoxShape key={zone} name={`place ${zone}`} box={box} padM={AREA_PAD_M} />
        ))}
        {ground.blocks().map((box) => (
          <Stacks key={box.y.low} box={box} />
        ))}
      </g>
      <Words ground={ground} plan={plan} />
    </svg>
  );
}

function BoxShape({ name, box, padM }: { name: string; box: Box; padM: number }) {
  const { x, y } = box;
  return <rect class={name} x={x.low - padM} y={y.low - padM} width={x.high - x.low + 2 * padM} height={y.high - y.low + 2 * padM} rx={2} />;
}

function Stacks({ box }: { box: Box }) {
  const { x, y } = box;
  const bays: string[] = [];
  for (let at = x.low + BAY_M; at < x.high; at += BAY_M) bays.push(`M${at} ${y.low}V${y.high}`);
  return (
    <g>
      <BoxShape name="stacks" box={box} padM={0} />
      <path class="bays" d={bays.join("")} />
    </g>
  );
}

function Words({ ground, plan }: { ground: Ground; plan: Plan }) {
  return (
    <>
      {[...ground.areas].map(([zone, { x, y }]) => {
        const corners = [plan.at(x.low - AREA_PAD_M, y.low - AREA_PAD_M), plan.at(x.high + AREA_PAD_M, y.high + AREA_PAD_M)];
        const left = Math.min(...corners.map((one) => one.x));
        const top = Math.min(...corners.map((one) => one.y));
        return (
          <text key={zone} class="place-name" x={Math.max(4, left)} y={Math.max(12, top - 4)}>
            {NAMES[zone] ?? (zone || NOTHING)}
          </text>
        );
      })}
    </>
  );
}
