/** Series on one grid of time steps, oldest first; the newest step is filled live. */

import type { Point } from "../live/reads.ts";

export type Values = (number | null)[];

export class Timeline {
  readonly stepMs: number;
  readonly length: number;
  /** Start of the newest step; 0 before there is any. [ms since 1970 UTC] */
  #lastMs = 0;
  #series = new Map<string, Values>();

  constructor(stepMs: number, spanMs: number) {
    this.stepMs = stepMs;
    this.length = Math.round(spanMs / stepMs) + 1;
  }

  get keys(): string[] {
    return [...this.#series.keys()];
  }

  get firstMs(): number {
    return this.#lastMs - (this.length - 1) * this.stepMs;
  }

  get lastMs(): number {
    return this.#lastMs;
  }

  /** Start of each step, in seconds since 1970 UTC. */
  times(): number[] {
    return Array.from({ length: this.length }, (_, index) => (this.firstMs + index * this.stepMs) / 1000);
  }

  values(key: string): Values {
    return this.#series.get(key) ?? this.#empty();
  }

  /** The newest value of a series. */
  newest(key: string): number | null {
    return this.#series.get(key)?.at(-1) ?? null;
  }

  add(key: string): void {
    if (!this.#series.has(key)) this.#series.set(key, this.#empty());
  }

  clear(): void {
    this.#series.clear();
    this.#lastMs = 0;
  }

  /**
   * Move on to a time. New steps hold the last value, since live values are published only when they change; after a
   * gap of many steps nothing is known, and they stay empty.
   * @returns whether there was such a gap: history must be read again.
   */
  advance(nowMs: number): boolean {
    const last = Math.floor(nowMs / this.stepMs) * this.stepMs;
    const steps = (last - this.#lastMs) / this.stepMs;
    if (steps <= 0) return false;
    const first = this.#lastMs === 0;
    const gap = !first && steps > 5;
    this.#lastMs = last;
    const shift = Math.min(steps, this.length);
    for (const [key, values] of this.#series) {
      const held = first || gap ? null : (values.at(-1) ?? null);
      this.#series.set(key, [...values.slice(shift), ...new Array<number | null>(shift).fill(held)]);
    }
    return gap;
  }

  /** A live value; it stands for its step and, until the next value, for those after it. */
  put(key: string, ms: number, value: number | null): void {
    const values = this.#series.get(key);
    const index = this.#index(ms);
    if (values !== undefined && index >= 0) values.fill(value, Math.min(index, this.length - 1));
  }

  /** Points of the past; the newest step is left to live values where there is one. */
  fill(key: string, points: readonly Point[]): void {
    const values = this.#empty();
    const live = this.#series.get(key)?.at(-1) ?? null;
    for (const [ms, value] of points) {
      const index = this.#index(ms);
      if (index >= 0 && index < this.length) values[index] = value;
    }
    if (live !== null) values[this.length - 1] = live;
    this.#series.set(key, values);
  }

  #index(ms: number): number {
    return Math.floor((ms - this.firstMs) / this.stepMs);
  }

  #empty(): Values {
    return new Array<number | null>(this.length).fill(null);
  }
}
