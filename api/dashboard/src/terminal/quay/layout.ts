/** Where things stand on the drawing of the terminal. Pixels, origin top left. */

import type { Span } from "../../shared/drawing/extent.ts";

/** Smallest distance between two quay cranes on the drawing; their labels must fit. */
const CRANE_PITCH = 98;
const NARROW_PITCH = 62;
const BLOCK_PITCH = 84;
const ROW_HEIGHT = 66;
/** Blocks narrower than this have the rate below the id. */
const ONE_LINE_PX = 116;
const LINE_PX = 16;
const MARGIN_LEFT = 54;
const MARGIN_RIGHT = 64;

export interface Layout {
  width: number;
  height: number;
  /** Size of a metre at the quay, relative to the smallest drawing. */
  zoom: number;
  quay: Span;
  /** Distance that quay cranes keep. */
  pitch: number;
  /** Quay surface at the waterside rail. */
  quayY: number;
  labelY: number;
  yardY: number;
  rowHeight: number;
  columns: number;
  blockPitch: number;
  /** Lines of a block's label. */
  blockLines: 1 | 2;
}

/** Room above the waterside rail (boom and apex) and below it (apron, labels), at zoom 1. */
const ABOVE = 126;
const BELOW = 30;
const LABELS = 40;

export function layout(width: number, height: number, quayCranes: number, yardCranes: number): Layout {
  const pitch = width < 500 ? NARROW_PITCH : CRANE_PITCH;
  const wide = Math.max(width, MARGIN_LEFT + MARGIN_RIGHT + pitch * Math.max(0, quayCranes - 1));
  // Blocks keep to what is seen, also where the quay is wider and must be scrolled.
  const most = Math.max(1, Math.floor((width - 12) / BLOCK_PITCH));
  const rows = Math.ceil(yardCranes / most);
  const columns = Math.max(1, Math.ceil(yardCranes / Math.max(1, rows)));
  const blockPitch = (width - 12) / columns;
  const blockLines = blockPitch < ONE_LINE_PX ? 2 : 1;
  const least = ROW_HEIGHT + (blockLines - 1) * LINE_PX;
  const free = height - LABELS - rows * least - 8;
  const zoom = Math.min(1.45, Math.max(0.85, free / (ABOVE + BELOW)));
  const quayY = ABOVE * zoom + 4;
  const labelY = quayY + BELOW * zoom;
  const yardY = labelY + LABELS;
  const rowHeight = rows === 0 ? least : Math.min(88, Math.max(least, (height - yardY - 6) / rows));
  const room = wide - MARGIN_LEFT - MARGIN_RIGHT;
  return {
    width: wide,
    height: Math.max(height, yardY + rows * rowHeight + 4),
    zoom,
    quay: { low: MARGIN_LEFT, high: wide - MARGIN_RIGHT },
    pitch: Math.min(CRANE_PITCH, quayCranes > 1 ? room / (quayCranes - 1) : CRANE_PITCH),
    quayY,
    labelY,
    yardY,
    rowHeight,
    columns,
    blockPitch,
    blockLines,
  };
}

export function scale(value: number, from: Span, to: Span): number {
  const share = from.high > from.low ? (value - from.low) / (from.high - from.low) : 0.5;
  return to.low + Math.min(1, Math.max(0, share)) * (to.high - to.low);
}

/**
 * Push positions apart to a smallest distance, keeping their order and staying in the span.
 * @param positions where they would stand, in any order.
 */
export function spread(positions: readonly number[], room: Span, pitch: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => positions[a]! - positions[b]! || a - b);
  const gap = Math.min(pitch, order.length > 1 ? (room.high - room.low) / (order.length - 1) : pitch);
  const placed = new Array<number>(positions.length).fill(0);
  let least = room.low;
  for (const index of order) {
    placed[index] = Math.max(least, positions[index]!);
    least = placed[index]! + gap;
  }
  let most = room.high;
  for (const index of order.reverse()) {
    placed[index] = Math.min(most, placed[index]!);
    most = placed[index]! - gap;
  }
  return placed;
}
