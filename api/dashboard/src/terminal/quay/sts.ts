/** A ship-to-shore crane in the slanted view. */

import type { Crane } from "../../shared/cranes/crane.ts";
import { mark, s } from "../../shared/dom/dom.ts";
import { Glide } from "./glide.ts";
import { Label, type Room } from "./label.ts";
import type { Layout } from "./layout.ts";
import { Load } from "./load.ts";
import { Projection } from "./projection.ts";

/** Proportions of a large crane (outreach 72 m, lift 54 m above the rail), lowered to fit the panel. */
const GIRDER_M = 44;
const APEX_M = 66;
const GAUGE_M = -30;
const OUTREACH_M = 74;
const BACKREACH_M = -42;
const PX_PER_M = 1.5;

export function quayProjection(layout: Layout): Projection {
  return new Projection(PX_PER_M * layout.zoom);
}

export class Sts {
  readonly node: SVGGElement;
  readonly label: SVGGElement;
  readonly #load: Load;
  readonly #sign: Label;
  readonly #along: Glide;
  readonly #layout: Layout;
  readonly #room: Room;

  constructor(id: string, layout: Layout, nowMs: number) {
    this.#layout = layout;
    const projection = quayProjection(layout);
    const half = 12 * layout.zoom;
    const reach = {
      girderM: GIRDER_M,
      trolleyM: [BACKREACH_M, OUTREACH_M] as const,
      hoistM: [-14, GIRDER_M - 3] as const,
    };
    this.#load = new Load(projection, PX_PER_M * layout.zoom, reach, 19 * layout.zoom, nowMs);
    this.node = s("g", { class: "crane sts", tabindex: 0, role: "link", "data-crane": id }, ...frame(projection, half), this.#load.node);
    const width = layout.pitch - 5;
    this.#room = width > 88 ? "wide" : "narrow";
    this.#sign = new Label(id, width, 2);
    this.label = this.#sign.node;
    mark(this.label, "data-crane", id);
    this.#along = new Glide(layout.quay.low, nowMs);
  }

  aim(crane: Crane, alongPx: number, nowMs: number, still: boolean): void {
    this.#along.aim(alongPx, nowMs, still);
    this.#load.aim(crane, nowMs, still);
    this.#sign.write(crane, this.#room);
    mark(this.node, "data-tone", crane.tone);
  }

  draw(nowMs: number): boolean {
    const along = this.#along.at(nowMs).toFixed(1);
    mark(this.node, "transform", `translate(${along} ${this.#layout.quayY.toFixed(1)})`);
    mark(this.label, "transform", `translate(${along} ${this.#layout.labelY.toFixed(1)})`);
    return this.#load.draw(nowMs) || !this.#along.arrived(nowMs);
  }
}

function frame(projection: Projection, half: number): SVGElement[] {
  const line = (name: string, ...points: [number, number, number][]): SVGPathElement =>
    s("path", { class: name, d: projection.path(points) });
  const leg = (along: number, across: number): SVGPathElement =>
    line("leg", [along, across, 0], [along * 0.72, across, GIRDER_M]);
  const house = projection.at(0, GAUGE_M + 2, GIRDER_M + 3);
  const hit = projection.path([[-half, GAUGE_M, 0], [half, 0, 0], [half, 0, APEX_M], [-half, GAUGE_M, APEX_M]], true);
  return [
    s("path", { class: "hit", d: hit }),
    leg(-half, 0),
    leg(half, 0),
    line("beam", [-half, 0, 12], [half, 0, 12]),
    line("beam", [half, 0, 12], [half, GAUGE_M, 12]),
    line("stay", [0, 0, APEX_M], [0, 34, GIRDER_M]),
    line("stay", [0, 0, APEX_M], [0, OUTREACH_M - 4, GIRDER_M]),
    line("stay", [0, 0, APEX_M], [0, GAUGE_M - 4, GIRDER_M]),
    line("apex", [-half * 0.72, 0, GIRDER_M], [0, 0, APEX_M], [half * 0.72, 0, GIRDER_M]),
    line("girder", [0, BACKREACH_M, GIRDER_M], [0, OUTREACH_M, GIRDER_M]),
    line("beam", [-half, 0, 12], [-half, GAUGE_M, 12]),
    leg(-half, GAUGE_M),
    leg(half, GAUGE_M),
    line("beam", [-half, GAUGE_M, 12], [half, GAUGE_M, 12]),
    s("rect", { class: "house", x: house.x - 8, y: house.y - 6, width: 16, height: 9, rx: 1 }),
  ];
}
