/** A yard block with its gantry crane. */

import { createRef } from "preact";
import type { Crane } from "../../shared/cranes/crane.ts";
import { Glide } from "./glide.ts";
import { Label, type Room } from "./label.tsx";
import type { Span } from "../../shared/drawing/extent.ts";
import type { Layout } from "./layout.ts";
import { Load, LoadMotion } from "./load.tsx";
import { type Motion, setAttribute } from "./motion.ts";
import { type Place, Projection } from "./projection.ts";
import { Face, Line } from "./shapes.tsx";
import { craneTitle, useSign } from "../../shared/cranes/sign.ts";

const GIRDER_M = 25;
const STACK_M = 11;
/** Rows of boxes lie between these; the crane's cantilevers reach over the lanes beside them. */
const ROWS_M: readonly [number, number] = [0, 27];
const CANTILEVER_M: readonly [number, number] = [-9, 36];
const LABEL_PX = { 1: 22, 2: 38 };
const LOAD_PX = 14;
const REACH = { girderM: GIRDER_M, trolleyM: CANTILEVER_M, hoistM: [0, GIRDER_M - 4] } as const;

/** Where a block stands. [px] */
export interface BlockPlace {
  x: number;
  y: number;
  width: number;
  height: number;
  lines: 1 | 2;
}

export function blockPlace(layout: Layout, index: number): BlockPlace {
  const x = 8 + (index % layout.columns) * layout.blockPitch;
  const y = layout.yardY + Math.floor(index / layout.columns) * layout.rowHeight;
  return { x, y, width: layout.blockPitch - 4, height: layout.rowHeight, lines: layout.blockLines };
}

export class BlockMotion implements Motion {
  readonly gantry = createRef<SVGGElement>();
  readonly load: LoadMotion;
  readonly projection: Projection;
  readonly slab: Span;
  /** Where the gantry can stand. [px] */
  readonly track: Span;
  readonly #along: Glide;

  constructor({ width, height, lines }: BlockPlace, nowMs: number) {
    const pxPerM = (height - LABEL_PX[lines] - 6) / 36;
    this.projection = new Projection(pxPerM);
    const shear = this.projection.at(0, CANTILEVER_M[1], 0).x + 6;
    this.slab = { low: 6, high: width - 12 - shear };
    this.track = { low: this.slab.low + 10, high: this.slab.high - 10 };
    this.load = new LoadMotion(this.projection, pxPerM, REACH, nowMs);
    this.#along = new Glide((this.track.low + this.track.high) / 2, nowMs);
  }

  aim(crane: Crane, alongPx: number, nowMs: number, still: boolean): void {
    this.#along.aim(alongPx, nowMs, still);
    this.load.aim(crane, nowMs, still);
  }

  draw(nowMs: number): boolean {
    setAttribute(this.gantry, "transform", `translate(${this.#along.at(nowMs).toFixed(1)} 0)`);
    return this.load.draw(nowMs) || !this.#along.arrived(nowMs);
  }
}

export function YardBlock({ id, place, motion }: { id: string; place: BlockPlace; motion: BlockMotion }) {
  const sign = useSign(id);
  const { width, height, lines } = place;
  const room: Room = width > (lines === 2 ? 100 : 190) ? "wide" : "narrow";
  return (
    <g
      class="crane block"
      tabindex={0}
      role="link"
      data-crane={id}
      data-tone={sign.tone}
      aria-label={craneTitle(id, sign)}
      transform={`translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`}
    >
      <g transform={`translate(0 ${(height - 5).toFixed(1)})`}>
        <Slab projection={motion.projection} span={motion.slab} />
        <g ref={motion.gantry}>
          <Portal projection={motion.projection} />
          <Load motion={motion.load} widthPx={LOAD_PX} />
        </g>
      </g>
      <Label id={id} tone={sign.tone} rate={sign.rate} room={room} width={width} lines={lines} transform={`translate(${(width / 2).toFixed(1)} 0)`} />
    </g>
  );
}

function Slab({ projection, span: { low, high } }: { projection: Projection; span: Span }) {
  const [near, far] = ROWS_M;
  const seams: Place[][] = [];
  for (let x = low + 14; x < high; x += 14) seams.push([[x, near, 0], [x, near, STACK_M], [x, far, STACK_M]]);
  seams.push([[low, near, STACK_M / 2], [high, near, STACK_M / 2]]);
  return (
    <g class="slab">
      <Face class="ground" projection={projection} points={[[low - 4, near - 9, 0], [high + 4, near - 9, 0], [high + 4, far + 9, 0], [low - 4, far + 9, 0]]} />
      <Face class="side" projection={projection} points={[[high, near, 0], [high, far, 0], [high, far, STACK_M], [high, near, STACK_M]]} />
      <Face class="top" projection={projection} points={[[low, near, STACK_M], [high, near, STACK_M], [high, far, STACK_M], [low, far, STACK_M]]} />
      <Face class="front" projection={projection} points={[[low, near, 0], [high, near, 0], [high, near, STACK_M], [low, near, STACK_M]]} />
      {seams.map((points) => (
        <Line class="seam" projection={projection} points={points} />
      ))}
    </g>
  );
}

function Portal({ projection }: { projection: Projection }) {
  const [near, far] = [ROWS_M[0] - 1.5, ROWS_M[1] + 1.5];
  const lines: [string, ...Place[]][] = [
    ["leg", [-5, far, 0], [-3, far, GIRDER_M]],
    ["leg", [5, far, 0], [3, far, GIRDER_M]],
    ["leg", [-5, near, 0], [-3, near, GIRDER_M]],
    ["leg", [5, near, 0], [3, near, GIRDER_M]],
    ["beam", [-7, near, 1], [7, near, 1]],
    ["girder", [0, CANTILEVER_M[0], GIRDER_M], [0, CANTILEVER_M[1], GIRDER_M]],
  ];
  return (
    <>
      {lines.map(([name, ...points]) => (
        <Line class={name} projection={projection} points={points} />
      ))}
    </>
  );
}
