/**
 * The ground as vehicles show it: nothing announces a terminal's roads, blocks and chargers, so that they appear where
 * vehicles are seen. Everything only grows.
 */

import type { Span } from "../drawing/extent.ts";
import { covering, type Extent } from "./plan.ts";

const CELL_M = 4;
/** From sample to sample a vehicle drives no further; a longer way between two was not seen. */
const SEEN_M = 30;
/** A block lies between two of its lanes so far apart: wider than a road, no wider than a yard crane's reach. */
const BLOCK_M: Span = { low: 20, high: 42 };
const LANE_M = 3;
/** Zones where vehicles stand for long; all others are drawn as roads. */
const AREAS = new Set(["charger", "parking", "gate", "workshop"]);

/** Where a vehicle was. */
export interface Place {
  xM: number;
  yM: number;
  zone: string | null;
}

export interface Box {
  x: Span;
  y: Span;
}

export class Ground {
  /** Grows with each change of what is drawn. */
  version = 0;
  extent: Extent | null = null;
  readonly areas = new Map<string, Box>();
  /** Columns of driven cells, by row. */
  readonly #cells = new Map<number, Set<number>>();
  readonly #lanes = new Set<number>();
  #along: Span | null = null;

  /** Take where something is, so that the drawing covers it. */
  cover(xM: number, yM: number): void {
    const extent = covering(this.extent, xM, yM);
    if (extent !== this.extent) this.version++;
    this.extent = extent;
  }

  /** Take where a vehicle is, and the way from where it was before. */
  add(place: Place, before: Place | null): void {
    const { xM, yM, zone } = place;
    this.cover(xM, yM);
    if (zone !== null && AREAS.has(zone)) this.#area(zone, xM, yM);
    if (zone === "block") this.#lane(xM, yM);
    if (before !== null) this.#drive(before, place);
  }

  /** Roads as an SVG path in metres: one rectangle for neighbours in a row, and the lanes of blocks in their whole length. */
  roads(): string {
    const along = this.#along;
    const parts = along === null ? [] : this.#lanesInOrder().map((y) => `M${along.low} ${y - CELL_M / 2}H${along.high}v${CELL_M}H${along.low}z`);
    for (const [row, columns] of this.#cells) {
      const sorted = [...columns].sort((a, b) => a - b);
      for (let n = 0; n < sorted.length; n++) {
        const begin = sorted[n]!;
        while (sorted[n + 1] === sorted[n]! + 1) n++;
        const length = (sorted[n]! - begin + 1) * CELL_M;
        parts.push(`M${begin * CELL_M} ${row * CELL_M}h${length}v${CELL_M}h${-length}z`);
      }
    }
    return parts.join("");
  }

  /** Where stacks are: between two lanes on which blocks are served. */
  blocks(): Box[] {
    const lanes = this.#lanesInOrder();
    const x = this.#along;
    if (x === null) return [];
    return lanes.slice(1).flatMap((high, n) => {
      const low = lanes[n]!;
      const apart = high - low;
      return apart >= BLOCK_M.low && apart <= BLOCK_M.high ? [{ x, y: { low: low + LANE_M, high: high - LANE_M } }] : [];
    });
  }

  #drive(from: Place, to: Place): void {
    const [acrossM, alongM] = [to.yM - from.yM, to.xM - from.xM];
    const steps = Math.ceil(Math.hypot(alongM, acrossM) / CELL_M);
    if (steps * CELL_M > SEEN_M) return;
    for (let n = 1; n <= steps; n++) this.#cell(from.xM + (alongM * n) / steps, from.yM + (acrossM * n) / steps);
  }

  #lanesInOrder(): number[] {
    return merged([...this.#lanes].sort((a, b) => a - b));
  }

  #cell(xM: number, yM: number): void {
    const [column, row] = [Math.floor(xM / CELL_M), Math.floor(yM / CELL_M)];
    let columns = this.#cells.get(row);
    if (columns === undefined) this.#cells.set(row, (columns = new Set()));
    if (columns.has(column)) return;
    columns.add(column);
    this.version++;
  }

  #area(zone: string, xM: number, yM: number): void {
    const before = this.areas.get(zone);
    const after = { x: spanning(before?.x, xM), y: spanning(before?.y, yM) };
    if (before !== undefined && after.x === before.x && after.y === before.y) return;
    this.areas.set(zone, after);
    this.version++;
  }

  #lane(xM: number, yM: number): void {
    const [y, along] = [Math.round(yM), spanning(this.#along ?? undefined, xM)];
    if (this.#lanes.has(y) && along === this.#along) return;
    this.#lanes.add(y);
    this.#along = along;
    this.version++;
  }
}

function spanning(span: Span | undefined, metres: number): Span {
  if (span !== undefined && metres >= span.low && metres <= span.high) return span;
  return { low: Math.min(span?.low ?? metres, metres), high: Math.max(span?.high ?? metres, metres) };
}

/** Lanes seen as neighbouring metres are one. @param sorted [m] */
function merged(sorted: readonly number[]): number[] {
  const lanes: number[] = [];
  for (const [n, metres] of sorted.entries()) {
    if (n > 0 && metres - sorted[n - 1]! <= LANE_M) lanes[lanes.length - 1] = (lanes.at(-1)! + metres) / 2;
    else lanes.push(metres);
  }
  return lanes;
}
