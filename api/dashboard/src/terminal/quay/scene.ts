/** Where the cranes of the drawing stand: one motion a crane, aimed at what its samples hold. */

import { type Span, widen } from "../../shared/drawing/extent.ts";
import type { Crane } from "../../shared/cranes/crane.ts";
import { type Layout, layout as layOut, scale, spread } from "./layout.ts";
import { StsMotion } from "./sts-crane.tsx";
import { BlockMotion, type BlockPlace, blockPlace } from "./yard-block.tsx";

const QUAY_LEAST_M = 300;
const BLOCK_LEAST_M = 150;
/** On a narrow page the panel has no height of its own: the drawing takes what it needs. */
const LEAST_HEIGHT_PX = 260;

/** Metres that the drawing covers; they only grow, so that the cranes do not jump. */
export interface Extent {
  quay: Span | null;
  yard: Span | null;
}

export class Scene {
  readonly layout: Layout;
  readonly quay: ReadonlyMap<string, StsMotion>;
  readonly yard: ReadonlyMap<string, { place: BlockPlace; motion: BlockMotion }>;

  constructor(width: number, height: number, quay: readonly string[], yard: readonly string[], nowMs: number) {
    const layout = layOut(width, Math.max(height, LEAST_HEIGHT_PX), quay.length, yard.length);
    this.layout = layout;
    this.quay = new Map(quay.map((id) => [id, new StsMotion(layout, nowMs)]));
    this.yard = new Map(
      yard.map((id, index) => {
        const place = blockPlace(layout, index);
        return [id, { place, motion: new BlockMotion(place, nowMs) }];
      }),
    );
  }

  get motions(): (StsMotion | BlockMotion)[] {
    return [...this.quay.values(), ...[...this.yard.values()].map((one) => one.motion)];
  }

  /** Let every crane head for where it is; the extent grows with them. */
  aim(cranes: readonly Crane[], extent: Extent, nowMs: number, still: boolean): void {
    this.#aimQuay(cranes.filter((one) => one.side === "quay"), extent, nowMs, still);
    this.#aimYard(cranes.filter((one) => one.side === "yard"), extent, nowMs, still);
  }

  #aimQuay(cranes: readonly Crane[], extent: Extent, nowMs: number, still: boolean): void {
    extent.quay = widen(extent.quay, metres(cranes), QUAY_LEAST_M);
    const room = this.layout.quay;
    const wide = extent.quay === null ? null : padded(extent.quay, cranes.length);
    const positions = cranes.map(({ gantryM }, index) =>
      gantryM !== null && wide !== null ? scale(gantryM, wide, room) : scale(index + 0.5, { low: 0, high: cranes.length }, room),
    );
    const places = spread(positions, room, this.layout.pitch);
    cranes.forEach((one, index) => this.quay.get(one.id)?.aim(one, places[index]!, nowMs, still));
  }

  #aimYard(cranes: readonly Crane[], extent: Extent, nowMs: number, still: boolean): void {
    extent.yard = widen(extent.yard, metres(cranes), BLOCK_LEAST_M);
    for (const one of cranes) {
      const motion = this.yard.get(one.id)?.motion;
      if (motion === undefined) continue;
      const { track } = motion;
      const along = one.gantryM !== null && extent.yard !== null ? scale(one.gantryM, extent.yard, track) : (track.low + track.high) / 2;
      motion.aim(one, along, nowMs, still);
    }
  }
}

function metres(cranes: readonly Crane[]): number[] {
  return cranes.flatMap((one) => one.gantryM ?? []);
}

/** Room beyond the outermost cranes: the quay does not end at them. */
function padded(span: Span, count: number): Span {
  const pad = (span.high - span.low) / (count + 1);
  return { low: span.low - pad, high: span.high + pad };
}
