/** A yard block with its gantry crane. */

import type { Crane } from "../../shared/cranes/crane.ts";
import { mark, s } from "../../shared/dom/dom.ts";
import { Glide } from "./glide.ts";
import { Label, type Room } from "./label.ts";
import { Load } from "./load.ts";
import { Projection } from "./projection.ts";

const GIRDER_M = 25;
const STACK_M = 11;
/** Rows of boxes lie between these; the crane's cantilevers reach over the lanes beside them. */
const ROWS_M: readonly [number, number] = [0, 27];
const CANTILEVER_M: readonly [number, number] = [-9, 36];
const LABEL_PX = { 1: 22, 2: 38 };

export class Block {
  readonly node: SVGGElement;
  readonly #load: Load;
  readonly #sign: Label;
  readonly #gantry: SVGGElement;
  readonly #along: Glide;
  readonly #room: Room;
  /** Where the gantry can stand, in pixels. */
  readonly track: { low: number; high: number };

  constructor(id: string, x: number, y: number, width: number, height: number, lines: 1 | 2, nowMs: number) {
    const perM = (height - LABEL_PX[lines] - 6) / 36;
    const projection = new Projection(perM);
    const shear = projection.at(0, CANTILEVER_M[1], 0).x + 6;
    const slab = { low: 6, high: width - 12 - shear };
    this.track = { low: slab.low + 10, high: slab.high - 10 };
    const reach = { girderM: GIRDER_M, trolleyM: CANTILEVER_M, hoistM: [0, GIRDER_M - 4] as const };
    this.#load = new Load(projection, perM, reach, 14, nowMs);
    this.#gantry = s("g", {}, ...portal(projection), this.#load.node);
    this.#along = new Glide((this.track.low + this.track.high) / 2, nowMs);
    this.#sign = new Label(id, width, lines);
    this.#room = lines === 2 ? (width > 100 ? "wide" : "narrow") : width > 190 ? "wide" : "narrow";
    mark(this.#sign.node, "transform", `translate(${(width / 2).toFixed(1)} 0)`);
    const ground = s("g", { transform: `translate(0 ${(height - 5).toFixed(1)})` }, slabOf(projection, slab.low, slab.high), this.#gantry);
    this.node = s(
      "g",
      { class: "crane block", tabindex: 0, role: "link", "data-crane": id, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` },
      ground,
      this.#sign.node,
    );
  }

  aim(crane: Crane, alongPx: number, nowMs: number, still: boolean): void {
    this.#along.aim(alongPx, nowMs, still);
    this.#load.aim(crane, nowMs, still);
    this.#sign.write(crane, this.#room);
    mark(this.node, "data-tone", crane.tone);
  }

  draw(nowMs: number): boolean {
    mark(this.#gantry, "transform", `translate(${this.#along.at(nowMs).toFixed(1)} 0)`);
    return this.#load.draw(nowMs) || !this.#along.arrived(nowMs);
  }
}

function slabOf(projection: Projection, low: number, high: number): SVGGElement {
  const [near, far] = ROWS_M;
  const face = (name: string, points: [number, number, number][]): SVGPathElement =>
    s("path", { class: name, d: projection.path(points, true) });
  const slab = s(
    "g",
    { class: "slab" },
    face("ground", [[low - 4, near - 9, 0], [high + 4, near - 9, 0], [high + 4, far + 9, 0], [low - 4, far + 9, 0]]),
    face("side", [[high, near, 0], [high, far, 0], [high, far, STACK_M], [high, near, STACK_M]]),
    face("top", [[low, near, STACK_M], [high, near, STACK_M], [high, far, STACK_M], [low, far, STACK_M]]),
    face("front", [[low, near, 0], [high, near, 0], [high, near, STACK_M], [low, near, STACK_M]]),
  );
  for (let x = low + 14; x < high; x += 14) {
    slab.append(s("path", { class: "seam", d: projection.path([[x, near, 0], [x, near, STACK_M], [x, far, STACK_M]]) }));
  }
  slab.append(s("path", { class: "seam", d: projection.path([[low, near, STACK_M / 2], [high, near, STACK_M / 2]]) }));
  return slab;
}

function portal(projection: Projection): SVGPathElement[] {
  const [near, far] = [ROWS_M[0] - 1.5, ROWS_M[1] + 1.5];
  const line = (name: string, ...points: [number, number, number][]): SVGPathElement =>
    s("path", { class: name, d: projection.path(points) });
  return [
    line("leg", [-5, far, 0], [-3, far, GIRDER_M]),
    line("leg", [5, far, 0], [3, far, GIRDER_M]),
    line("leg", [-5, near, 0], [-3, near, GIRDER_M]),
    line("leg", [5, near, 0], [3, near, GIRDER_M]),
    line("beam", [-7, near, 1], [7, near, 1]),
    line("girder", [0, CANTILEVER_M[0], GIRDER_M], [0, CANTILEVER_M[1], GIRDER_M]),
  ];
}
