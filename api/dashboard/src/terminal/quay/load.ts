/** Trolley, ropes, spreader and what hangs below it; the same for quay and yard cranes. */

import type { Crane } from "../../shared/cranes/crane.ts";
import { mark, s } from "../../shared/dom/dom.ts";
import { Glide } from "./glide.ts";
import type { Projection } from "./projection.ts";

const SHORTEST_ROPE = 5;

export interface Reach {
  /** Height of the girder the trolley runs on. [m] */
  girderM: number;
  trolleyM: readonly [low: number, high: number];
  hoistM: readonly [low: number, high: number];
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}

/** One crane's moving load. Positions are metres; a position nobody told is the middle of the reach. */
export class Load {
  readonly node: SVGGElement;
  readonly #projection: Projection;
  readonly #reach: Reach;
  readonly #perM: number;
  readonly #rope: SVGPathElement;
  readonly #spreader: SVGGElement;
  readonly #boxes: SVGGElement;
  readonly #trolley: Glide;
  readonly #hoist: Glide;
  #shown = "";
  #coming = "";
  #time: number | null = null;

  constructor(projection: Projection, perM: number, reach: Reach, widthPx: number, nowMs: number) {
    this.#projection = projection;
    this.#perM = perM;
    this.#reach = reach;
    const half = widthPx / 2;
    this.#rope = s("path", { class: "rope" });
    this.#boxes = s("g", { class: "boxes" });
    this.#spreader = s("g", {}, s("path", { class: "spreader", d: `M${-half} 0H${half}` }), this.#boxes);
    this.node = s("g", {}, this.#rope, s("rect", { class: "trolley", x: -5, y: -3.5, width: 10, height: 5 }), this.#spreader);
    this.#trolley = new Glide((reach.trolleyM[0] + reach.trolleyM[1]) / 2, nowMs);
    this.#hoist = new Glide(reach.hoistM[1] * 0.7, nowMs);
    this.#draw(half, "");
  }

  aim(crane: Crane, nowMs: number, still: boolean): void {
    const { trolleyM, hoistM, locked, twin } = crane;
    if (crane.time === this.#time) return;
    this.#time = crane.time;
    if (trolleyM !== null) this.#trolley.aim(clamp(trolleyM, this.#reach.trolleyM), nowMs, still);
    if (hoistM !== null) this.#hoist.aim(clamp(hoistM, this.#reach.hoistM), nowMs, still);
    // The spreader reaches the place of a sample only when the next one comes: its box waits as long.
    this.#show(this.#coming);
    this.#coming = !locked ? "" : twin ? "twin" : "one";
    if (still) this.#show(this.#coming);
  }

  /** Put everything where it is at this moment; true while something moves. */
  draw(nowMs: number): boolean {
    const at = this.#projection.at(0, this.#trolley.at(nowMs), this.#reach.girderM);
    const rope = Math.max(SHORTEST_ROPE, (this.#reach.girderM - this.#hoist.at(nowMs)) * this.#perM);
    mark(this.node, "transform", `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`);
    mark(this.#rope, "d", `M-3 0V${rope.toFixed(1)}M3 0V${rope.toFixed(1)}`);
    mark(this.#spreader, "transform", `translate(0 ${rope.toFixed(1)})`);
    const arrived = this.#trolley.arrived(nowMs) && this.#hoist.arrived(nowMs);
    if (arrived) this.#show(this.#coming);
    return !arrived;
  }

  #show(kind: string): void {
    if (kind === this.#shown) return;
    this.#shown = kind;
    mark(this.#boxes, "data-boxes", kind);
  }

  #draw(half: number, kind: string): void {
    const box = (x: number, width: number, name: string): SVGRectElement =>
      s("rect", { class: name, x, y: 1.5, width, height: 7.5, rx: 1 });
    this.#boxes.append(
      box(-half, half * 2, "whole"),
      box(-half, half - 0.8, "half"),
      box(0.8, half - 0.8, "half"),
    );
    this.#boxes.setAttribute("data-boxes", kind);
  }
}
