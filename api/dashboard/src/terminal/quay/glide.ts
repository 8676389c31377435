/** A number that moves evenly to each new value, so that one update a second looks like motion. */

const SHORTEST_MS = 400;
const LONGEST_MS = 1_600;

export class Glide {
  #from: number;
  #to: number;
  #beginMs: number;
  #aimedMs: number;
  #lengthMs = 0;
  #known: boolean;

  /** @param value null: it is not known yet, so the first one is jumped to. */
  constructor(value: number | null, nowMs: number) {
    this.#from = this.#to = value ?? 0;
    this.#known = value !== null;
    this.#beginMs = this.#aimedMs = nowMs;
  }

  /**
   * Head for a new value. It takes as long as the last update lasted, a little more, so that motion does not stop
   * between updates; constant speed, because cranes travel so.
   * @param still jump, for people who asked for less motion.
   */
  aim(value: number, nowMs: number, still: boolean): void {
    const sinceMs = nowMs - this.#aimedMs;
    this.#aimedMs = nowMs;
    const jump = still || !this.#known;
    this.#known = true;
    if (value === this.#to) return;
    this.#from = jump ? value : this.at(nowMs);
    this.#to = value;
    this.#lengthMs = jump ? 0 : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, sinceMs * 1.05));
    this.#beginMs = nowMs;
  }

  at(nowMs: number): number {
    if (this.arrived(nowMs)) return this.#to;
    // A frame's own time can lie a little before the update that began the motion.
    const share = Math.max(0, nowMs - this.#beginMs) / this.#lengthMs;
    return this.#from + (this.#to - this.#from) * share;
  }

  arrived(nowMs: number): boolean {
    return this.#lengthMs === 0 || nowMs - this.#beginMs >= this.#lengthMs;
  }
}
