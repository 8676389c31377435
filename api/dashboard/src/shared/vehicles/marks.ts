/** Marks that follow samples. The browser moves them from one sample to the next (CSS transitions): no script a frame. */

import { nearest, type Plan } from "./plan.ts";

/** A mark further from its last place is put there, not driven there: nobody saw the way. [m] */
const JUMP_M = 40;

interface Held {
  plan: Plan;
  xM: number;
  yM: number;
  turnDeg: number;
  transform: string;
}

export class Marks {
  readonly #nodes = new Map<string, HTMLElement>();
  readonly #held = new WeakMap<HTMLElement, Held>();

  /** Take the element of a mark; null: it is gone. */
  set(id: string, node: HTMLElement | null): void {
    if (node === null) this.#nodes.delete(id);
    else this.#nodes.set(id, node);
  }

  /** Let a mark head for a place, and look there. @param headingDeg in the terminal's grid. */
  move(id: string, plan: Plan, xM: number, yM: number, headingDeg: number): void {
    const node = this.#nodes.get(id);
    if (node === undefined) return;
    const held = this.#held.get(node);
    const { x, y } = plan.at(xM, yM);
    const wanted = headingDeg + plan.turnDeg;
    const turnDeg = held === undefined ? wanted : nearest(held.turnDeg, wanted);
    const transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px) rotate(${turnDeg.toFixed(0)}deg)`;
    this.#set(node, held, { plan, xM, yM, turnDeg, transform });
  }

  /** Let a part of a mark head for a place on it. @param acrossM landwards. */
  slide(id: string, plan: Plan, acrossM: number): void {
    const node = this.#nodes.get(id);
    if (node === undefined) return;
    const transform = `translate(0,${(acrossM * plan.pxPerM).toFixed(1)}px)`;
    this.#set(node, this.#held.get(node), { plan, xM: 0, yM: acrossM, turnDeg: 0, transform });
  }

  /** Let one mark stand out; null: none. */
  light(id: string | null): void {
    for (const [other, node] of this.#nodes) node.classList.toggle("lit", other === id);
  }

  #set(node: HTMLElement, held: Held | undefined, next: Held): void {
    if (next.transform === held?.transform) return;
    const jumps = held === undefined || held.plan !== next.plan || Math.hypot(next.xM - held.xM, next.yM - held.yM) > JUMP_M;
    node.style.transition = jumps ? "none" : "";
    node.style.transform = next.transform;
    node.style.visibility = "visible";
    this.#held.set(node, next);
  }
}
