/** The small sign of a crane: id, state sign and rate. */

import { mark, s, write } from "../../shared/dom/dom.ts";
import { fixed } from "../../shared/format/figures.ts";
import { type Crane, SIGNS } from "../../shared/cranes/crane.ts";

/** Narrower labels are written smaller. */
const SMALL_PX = 92;

const WIDE_PX = 190;
const MOST_SQUEEZE = 1.4;

/** How much of the unit there is room for. */
export type Room = "wide" | "narrow";

export class Label {
  readonly node: SVGGElement;
  readonly #name: SVGTSpanElement;
  readonly #sign: SVGTSpanElement;
  readonly #rate: SVGTextElement;

  /** @param width room for it. @param lines 2: id above rate; 1: both in one line. */
  constructor(id: string, width: number, lines: 1 | 2) {
    this.#sign = s("tspan", { class: "sign" });
    this.#name = s("tspan", { class: "id", dx: 4 });
    const small = width < SMALL_PX;
    const [pad, character] = small ? [4, 7] : [6, 7.6];
    const room = width - 2 * pad - 14 - (lines === 2 ? 0 : width > WIDE_PX ? 84 : 44);
    write(this.#name, fitted(id, room, character));
    // Likely wider than its room: squeezed into it.
    if (id.length * character > room) mark(this.#name, "textLength", room.toFixed(0));
    mark(this.#name, "lengthAdjust", "spacingAndGlyphs");
    const head = s("text", { x: -width / 2 + pad, y: 13 }, this.#sign, this.#name);
    this.#rate =
      lines === 2
        ? s("text", { class: "rate", x: -width / 2 + pad, y: 28 })
        : s("text", { class: "rate", x: width / 2 - pad, y: 13, "text-anchor": "end" });
    const plate = s("rect", { class: "plate", x: -width / 2, y: 0, width, height: lines === 2 ? 34 : 18, rx: 4 });
    this.node = s("g", { class: small ? "label small" : "label" }, plate, head, this.#rate);
  }

  write(crane: Crane, room: Room): void {
    write(this.#sign, SIGNS[crane.tone]);
    const rate = fixed(crane.rate, 1);
    const unit = { wide: " boxes/h", narrow: "/h" }[room];
    write(this.#rate, rate + unit);
    mark(this.node, "data-tone", crane.tone);
  }
}

/** An id short enough to be squeezed; the tooltip tells all of it. */
function fitted(id: string, room: number, character: number): string {
  const most = Math.max(4, Math.floor((room * MOST_SQUEEZE) / character));
  return id.length > most ? `${id.slice(0, most - 1)}…` : id;
}
