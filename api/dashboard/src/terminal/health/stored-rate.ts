/** Samples stored a second, from a counter that comes every two. */

const SPAN_MS = 20_000;
const LEAST_MS = 3_000;
/** A counter that stands still is noted as often. */
const NOTED_MS = 5_000;

export class StoredRate {
  #counts: [ms: number, stored: number][] = [];
  #devices = 0;

  /**
   * Note the counter.
   * @param stored of all devices. @param devices how many: a new one brings what it sent before.
   * @returns the rate over the last seconds; null before there are enough. [1/s]
   */
  update(stored: number, devices: number, nowMs: number): number | null {
    if (devices !== this.#devices) this.#counts = [];
    this.#devices = devices;
    const last = this.#counts.at(-1);
    if (last === undefined || last[1] !== stored || nowMs - last[0] > NOTED_MS) this.#counts.push([nowMs, stored]);
    this.#counts = this.#counts.filter(([ms]) => nowMs - ms < SPAN_MS);
    const first = this.#counts[0];
    if (first === undefined || nowMs - first[0] < LEAST_MS) return null;
    return Math.max(0, (stored - first[1]) / ((nowMs - first[0]) / 1000));
  }
}
