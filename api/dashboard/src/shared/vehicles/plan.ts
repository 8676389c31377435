/** The terminal from above: metres of its grid to pixels of the drawing. */

import { type Span, widen } from "../drawing/extent.ts";

/** What the drawing covers. `x` along the quay, `y` landwards from the waterside rail. [m] */
export interface Extent {
  x: Span;
  y: Span;
}

/** Extents grow in such steps, so that the drawing is not laid out again with each metre that a vehicle drives on. */
const STEP_M = 20;
const MARGIN_M = 14;
/** A shorter quay is drawn among its surroundings. */
const LEAST_ALONG_M = 360;

/** An extent that covers a point too; the same object where it did before. */
export function covering(extent: Extent | null, xM: number, yM: number): Extent {
  const [x, y] = [grown(extent?.x, xM), grown(extent?.y, yM)];
  return extent !== null && x === extent.x && y === extent.y ? extent : { x, y };
}

function grown(span: Span | undefined, metres: number): Span {
  const low = Math.floor((metres - MARGIN_M) / STEP_M) * STEP_M;
  const high = Math.ceil((metres + MARGIN_M) / STEP_M) * STEP_M;
  if (span === undefined) return { low, high };
  return low >= span.low && high <= span.high ? span : { low: Math.min(low, span.low), high: Math.max(high, span.high) };
}

/** The quay is at the top, or on the left where the terminal is drawn larger so. */
export class Plan {
  readonly turned: boolean;
  readonly pxPerM: number;
  readonly width: number;
  readonly height: number;
  /** What it covers. */
  readonly extent: Extent;

  /** @param room what the drawing may take. [px] */
  constructor(extent: Extent, room: { width: number; height: number }) {
    const { y } = extent;
    const x = widen(null, [extent.x.low, extent.x.high], LEAST_ALONG_M)!;
    const [along, across] = [x.high - x.low, y.high - y.low];
    const upright = Math.min(room.width / along, room.height / across);
    const turned = Math.min(room.width / across, room.height / along);
    this.extent = { x, y };
    this.turned = turned > upright * 1.1;
    this.pxPerM = this.turned ? turned : upright;
    const [width, height] = this.turned ? [across, along] : [along, across];
    this.width = width * this.pxPerM;
    this.height = height * this.pxPerM;
  }

  /** Where a point is drawn. [px] */
  at(xM: number, yM: number): { x: number; y: number } {
    const { x, y } = this.extent;
    if (this.turned) return { x: (yM - y.low) * this.pxPerM, y: (x.high - xM) * this.pxPerM };
    return { x: (xM - x.low) * this.pxPerM, y: (yM - y.low) * this.pxPerM };
  }

  /** The same as an SVG transform of what is drawn in metres. */
  get matrix(): string {
    const zero = this.at(0, 0);
    const s = this.pxPerM;
    return `matrix(${this.turned ? [0, -s, s, 0] : [s, 0, 0, s]} ${zero.x} ${zero.y})`;
  }

  /** Turn of something that looks along the quay. [°, clockwise] */
  get turnDeg(): number {
    return this.turned ? -90 : 0;
  }
}

/** The angle next to the last one that means the same as a new one: a mark turns the short way. [°] */
export function nearest(lastDeg: number, nextDeg: number): number {
  const turn = (((nextDeg - lastDeg) % 360) + 540) % 360;
  return lastDeg + turn - 180;
}
