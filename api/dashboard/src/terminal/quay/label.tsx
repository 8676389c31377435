/** The small sign of a crane: id, state sign and rate. */

import type { RefObject } from "preact";
import { SIGNS, type Tone } from "../../shared/cranes/crane.ts";
import { fixed } from "../../shared/format/numbers.ts";

/** Narrower labels are written smaller. */
const SMALL_PX = 92;
const WIDE_PX = 190;
const MOST_SQUEEZE = 1.4;

/** How much of the unit there is room for. */
export type Room = "wide" | "narrow";

const UNITS: Record<Room, string> = { wide: " boxes/h", narrow: "/h" };

interface Properties {
  id: string;
  tone: Tone;
  rate: number | null;
  room: Room;
  /** Room for it. [px] */
  width: number;
  /** 2: id above rate; 1: both in one line. */
  lines: 1 | 2;
  node?: RefObject<SVGGElement | null>;
  transform?: string;
  /** Id of the crane to which it leads, where it is not part of the crane's own element. */
  leadsTo?: string;
}

export function Label({ id, tone, rate, room, width, lines, node, transform, leadsTo }: Properties) {
  const small = width < SMALL_PX;
  const [pad, characterPx] = small ? [4, 7] : [6, 7.6];
  const idPx = width - 2 * pad - 14 - (lines === 2 ? 0 : width > WIDE_PX ? 84 : 44);
  // Likely wider than its room: squeezed into it.
  const squeezed = id.length * characterPx > idPx;
  const rateAt = lines === 2 ? { x: -width / 2 + pad, y: 28 } : { x: width / 2 - pad, y: 13, "text-anchor": "end" as const };
  return (
    <g class={small ? "label small" : "label"} ref={node ?? null} transform={transform} data-tone={tone} data-crane={leadsTo}>
      <rect class="plate" x={-width / 2} y={0} width={width} height={lines === 2 ? 34 : 18} rx={4} />
      <text x={-width / 2 + pad} y={13}>
        <tspan class="sign">{SIGNS[tone]}</tspan>
        <tspan class="id" dx={4} textLength={squeezed ? idPx.toFixed(0) : undefined} lengthAdjust="spacingAndGlyphs">
          {fitted(id, idPx, characterPx)}
        </tspan>
      </text>
      <text class="rate" {...rateAt}>
        {fixed(rate, 1) + UNITS[room]}
      </text>
    </g>
  );
}

/** An id short enough to be squeezed; the tooltip has all of it. */
function fitted(id: string, widthPx: number, characterPx: number): string {
  const most = Math.max(4, Math.floor((widthPx * MOST_SQUEEZE) / characterPx));
  return id.length > most ? `${id.slice(0, most - 1)}…` : id;
}
