/**
 * What moves on the drawing, frame by frame. Attributes are set on the elements themselves: thirty frames a second of
 * twenty cranes are no work for components, which draw only what is still.
 */

import type { RefObject } from "preact";
import type { Crane } from "../../shared/cranes/crane.ts";

const FRAME_MS = 30;

export interface Motion {
  /** Head for where a crane is now. @param alongPx its place along the drawing. @param still jump there. */
  aim(crane: Crane, alongPx: number, nowMs: number, still: boolean): void;
  /** Put everything where it is at this moment; true while something moves. */
  draw(nowMs: number): boolean;
}

/** Set an attribute only where it differs: an unchanged element costs no layout. */
export function setAttribute(element: RefObject<Element | null>, name: string, value: string): void {
  const { current } = element;
  if (current !== null && current.getAttribute(name) !== value) current.setAttribute(name, value);
}

/** Draws motions until all have arrived. */
export class Animation {
  #motions: readonly Motion[] = [];
  #frame = 0;
  #drawnMs = 0;

  run(motions: readonly Motion[]): void {
    this.#motions = motions;
    if (this.#frame === 0 && !document.hidden) this.#frame = requestAnimationFrame(this.#step);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#motions = [];
  }

  readonly #step = (nowMs: number): void => {
    this.#frame = 0;
    let moving = true;
    if (nowMs - this.#drawnMs >= FRAME_MS) {
      this.#drawnMs = nowMs;
      moving = false;
      for (const one of this.#motions) moving = one.draw(nowMs) || moving;
    }
    if (moving && !document.hidden) this.#frame = requestAnimationFrame(this.#step);
  };
}
