/** A ship-to-shore crane in the slanted view. */

import { createRef } from "preact";
import type { Crane } from "../../shared/cranes/crane.ts";
import { craneTitle, useSign } from "../../shared/cranes/sign.ts";
import { Glide } from "./glide.ts";
import { Label } from "./label.tsx";
import type { Layout } from "./layout.ts";
import { Load, LoadMotion } from "./load.tsx";
import { type Motion, setAttribute } from "./motion.ts";
import { type Place, Projection } from "./projection.ts";
import { Line } from "./shapes.tsx";

/** Proportions of a large crane (outreach 72 m, lift 54 m above the rail), lowered to fit the panel. */
const GIRDER_M = 44;
const APEX_M = 66;
const GAUGE_M = -30;
const OUTREACH_M = 74;
const BACKREACH_M = -42;
const PX_PER_M = 1.5;
const HALF_PX = 12;
const LOAD_PX = 19;
/** Labels wider than this have room for the whole unit. */
const WIDE_LABEL_PX = 88;

const REACH = { girderM: GIRDER_M, trolleyM: [BACKREACH_M, OUTREACH_M], hoistM: [-14, GIRDER_M - 3] } as const;

export function quayProjection(layout: Layout): Projection {
  return new Projection(PX_PER_M * layout.zoom);
}

export class StsMotion implements Motion {
  readonly node = createRef<SVGGElement>();
  readonly label = createRef<SVGGElement>();
  readonly load: LoadMotion;
  readonly #along: Glide;
  readonly #layout: Layout;

  constructor(layout: Layout, nowMs: number) {
    this.#layout = layout;
    this.load = new LoadMotion(quayProjection(layout), PX_PER_M * layout.zoom, REACH, nowMs);
    this.#along = new Glide(null, nowMs);
  }

  aim(crane: Crane, alongPx: number, nowMs: number, still: boolean): void {
    this.#along.aim(alongPx, nowMs, still);
    this.load.aim(crane, nowMs, still);
  }

  draw(nowMs: number): boolean {
    const along = this.#along.at(nowMs).toFixed(1);
    setAttribute(this.node, "transform", `translate(${along} ${this.#layout.quayY.toFixed(1)})`);
    setAttribute(this.label, "transform", `translate(${along} ${this.#layout.labelY.toFixed(1)})`);
    return this.load.draw(nowMs) || !this.#along.arrived(nowMs);
  }
}

export function StsCrane({ id, layout, motion }: { id: string; layout: Layout; motion: StsMotion }) {
  const sign = useSign(id);
  const projection = quayProjection(layout);
  return (
    <g class="crane sts" tabindex={0} role="link" data-crane={id} data-tone={sign.tone} aria-label={craneTitle(id, sign)} ref={motion.node}>
      <Portal projection={projection} half={HALF_PX * layout.zoom} />
      <Load motion={motion.load} widthPx={LOAD_PX * layout.zoom} />
    </g>
  );
}

/** The label stands beside all cranes, so that none of them hides it. */
export function StsLabel({ id, layout, motion }: { id: string; layout: Layout; motion: StsMotion }) {
  const { tone, rate } = useSign(id);
  const width = layout.pitch - 5;
  return <Label id={id} tone={tone} rate={rate} room={width > WIDE_LABEL_PX ? "wide" : "narrow"} width={width} lines={2} node={motion.label} leadsTo={id} />;
}

function Portal({ projection, half }: { projection: Projection; half: number }) {
  const house = projection.at(0, GAUGE_M + 2, GIRDER_M + 3);
  const hit = projection.path([[-half, GAUGE_M, 0], [half, 0, 0], [half, 0, APEX_M], [-half, GAUGE_M, APEX_M]], true);
  return (
    <>
      <path class="hit" d={hit} />
      {portalLines(half).map(([name, ...points]) => (
        <Line class={name} projection={projection} points={points} />
      ))}
      <rect class="house" x={house.x - 8} y={house.y - 6} width={16} height={9} rx={1} />
    </>
  );
}

function portalLines(half: number): [name: string, ...Place[]][] {
  const leg = (along: number, across: number): [string, ...Place[]] => ["leg", [along, across, 0], [along * 0.72, across, GIRDER_M]];
  return [
    leg(-half, 0),
    leg(half, 0),
    ["beam", [-half, 0, 12], [half, 0, 12]],
    ["beam", [half, 0, 12], [half, GAUGE_M, 12]],
    ["stay", [0, 0, APEX_M], [0, 34, GIRDER_M]],
    ["stay", [0, 0, APEX_M], [0, OUTREACH_M - 4, GIRDER_M]],
    ["stay", [0, 0, APEX_M], [0, GAUGE_M - 4, GIRDER_M]],
    ["apex", [-half * 0.72, 0, GIRDER_M], [0, 0, APEX_M], [half * 0.72, 0, GIRDER_M]],
    ["girder", [0, BACKREACH_M, GIRDER_M], [0, OUTREACH_M, GIRDER_M]],
    ["beam", [-half, 0, 12], [-half, GAUGE_M, 12]],
    leg(-half, GAUGE_M),
    leg(half, GAUGE_M),
    ["beam", [-half, GAUGE_M, 12], [half, GAUGE_M, 12]],
  ];
}
