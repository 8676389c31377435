/** Trolley, ropes, spreader and what hangs below it; the same for quay and yard cranes. */

import { createRef } from "preact";
import type { Crane } from "../../shared/cranes/crane.ts";
import { Glide } from "./glide.ts";
import { setAttribute } from "./motion.ts";
import type { Projection } from "./projection.ts";

const SHORTEST_ROPE_PX = 5;

export interface Reach {
  /** Height of the girder the trolley runs on. [m] */
  girderM: number;
  trolleyM: readonly [low: number, high: number];
  hoistM: readonly [low: number, high: number];
}

/** How one crane's load moves. Positions are metres; a position that is not known is the middle of the reach. */
export class LoadMotion {
  readonly node = createRef<SVGGElement>();
  readonly rope = createRef<SVGPathElement>();
  readonly spreader = createRef<SVGGElement>();
  readonly boxes = createRef<SVGGElement>();
  readonly #projection: Projection;
  readonly #reach: Reach;
  readonly #pxPerM: number;
  readonly #trolley: Glide;
  readonly #hoist: Glide;
  #nextBoxes = "";
  #time: number | null = null;

  constructor(projection: Projection, pxPerM: number, reach: Reach, nowMs: number) {
    this.#projection = projection;
    this.#pxPerM = pxPerM;
    this.#reach = reach;
    this.#trolley = new Glide((reach.trolleyM[0] + reach.trolleyM[1]) / 2, nowMs);
    this.#hoist = new Glide(reach.hoistM[1] * 0.7, nowMs);
  }

  aim(crane: Crane, nowMs: number, still: boolean): void {
    const { trolleyM, hoistM, locked, twin } = crane;
    if (crane.time === this.#time) return;
    this.#time = crane.time;
    if (trolleyM !== null) this.#trolley.aim(clamp(trolleyM, this.#reach.trolleyM), nowMs, still);
    if (hoistM !== null) this.#hoist.aim(clamp(hoistM, this.#reach.hoistM), nowMs, still);
    // The spreader reaches the place of a sample only when the next one comes: its box waits as long.
    this.#showBoxes();
    this.#nextBoxes = !locked ? "" : twin ? "twin" : "one";
    if (still) this.#showBoxes();
  }

  /** Put everything where it is at this moment; true while something moves. */
  draw(nowMs: number): boolean {
    const at = this.#projection.at(0, this.#trolley.at(nowMs), this.#reach.girderM);
    const rope = Math.max(SHORTEST_ROPE_PX, (this.#reach.girderM - this.#hoist.at(nowMs)) * this.#pxPerM).toFixed(1);
    setAttribute(this.node, "transform", `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`);
    setAttribute(this.rope, "d", `M-3 0V${rope}M3 0V${rope}`);
    setAttribute(this.spreader, "transform", `translate(0 ${rope})`);
    const arrived = this.#trolley.arrived(nowMs) && this.#hoist.arrived(nowMs);
    if (arrived) this.#showBoxes();
    return !arrived;
  }

  #showBoxes(): void {
    setAttribute(this.boxes, "data-boxes", this.#nextBoxes);
  }
}

export function Load({ motion, widthPx }: { motion: LoadMotion; widthPx: number }) {
  const half = widthPx / 2;
  const box = { y: 1.5, height: 7.5, rx: 1 };
  return (
    <g ref={motion.node}>
      <path class="rope" ref={motion.rope} />
      <rect class="trolley" x={-5} y={-3.5} width={10} height={5} />
      <g ref={motion.spreader}>
        <path class="spreader" d={`M${-half} 0H${half}`} />
        <g class="boxes" ref={motion.boxes}>
          <rect class="whole" x={-half} width={half * 2} {...box} />
          <rect class="half" x={-half} width={half - 0.8} {...box} />
          <rect class="half" x={0.8} width={half - 0.8} {...box} />
        </g>
      </g>
    </g>
  );
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}
