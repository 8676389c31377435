/** Phases and waits behind a plot. Each has its own pattern as well as its own colour. */

import type uPlot from "uplot";
import { css } from "../../shared/charts/axis.ts";
import type { Cycle, PhaseName, Span } from "../cycle.ts";

const COLOURS: Record<PhaseName, string> = {
  empty_travel: "--phase-empty",
  pick: "--phase-pick",
  laden_travel: "--phase-laden",
  set_down: "--phase-set",
};
const STRENGTH: Record<PhaseName, number> = { empty_travel: 0.07, pick: 0.34, laden_travel: 0.22, set_down: 0.3 };
const STRIPE_PX = 6;

/** Fill the background of a plot; the chosen cycle gets a frame. */
export function shade(plot: uPlot, cycles: readonly Cycle[], waits: readonly Span[], chosen: Cycle | null): void {
  const { ctx, bbox } = plot;
  const x = (ms: number): number => Math.min(bbox.left + bbox.width, Math.max(bbox.left, plot.valToPos(ms / 1000, "x", true)));
  const fill = (span: Span, style: string | CanvasPattern, alpha: number): void => {
    const [left, right] = [x(span.beginMs), x(span.endMs)];
    ctx.globalAlpha = alpha;
    ctx.fillStyle = style;
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height);
  };
  ctx.save();
  for (const cycle of cycles) {
    for (const one of cycle.phases) {
      const colour = css(COLOURS[one.phase]);
      fill(one, one.phase === "set_down" ? stripes(ctx, colour) : colour, STRENGTH[one.phase]);
    }
  }
  for (const one of waits) fill(one, bars(ctx, css("--text")), 0.13);
  ctx.globalAlpha = 1;
  for (const cycle of cycles) rule(ctx, x(cycle.endMs), bbox, css("--line"), 1);
  if (chosen !== null) for (const ms of [chosen.beginMs, chosen.endMs]) rule(ctx, x(ms), bbox, css("--accent"), 2);
  ctx.restore();
}

/** A level worth seeing, dashed across the plot. */
export function level(plot: uPlot, value: number, scale: string): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(value, scale, true));
  if (y <= bbox.top || y >= bbox.top + bbox.height) return;
  ctx.save();
  ctx.strokeStyle = css("--muted");
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function rule(ctx: CanvasRenderingContext2D, x: number, box: { top: number; height: number }, colour: string, width: number): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(Math.round(x), box.top);
  ctx.lineTo(Math.round(x), box.top + box.height);
  ctx.stroke();
}

/** Thin upright lines of a colour. */
function bars(ctx: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  return tiled(ctx, colour, (pen) => pen.fillRect(0, 0, 1, STRIPE_PX));
}

/** Slanted stripes of a colour. */
function stripes(ctx: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  return tiled(ctx, colour, (pen) => {
    pen.lineWidth = 2.6;
    for (const shift of [-STRIPE_PX, 0, STRIPE_PX]) {
      pen.beginPath();
      pen.moveTo(shift - 1, STRIPE_PX + 1);
      pen.lineTo(shift + STRIPE_PX + 1, -1);
      pen.stroke();
    }
  });
}

function tiled(ctx: CanvasRenderingContext2D, colour: string, draw: (pen: CanvasRenderingContext2D) => void): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = tile.height = STRIPE_PX;
  const pen = tile.getContext("2d");
  if (pen === null) return colour;
  pen.strokeStyle = pen.fillStyle = colour;
  draw(pen);
  return ctx.createPattern(tile, "repeat") ?? colour;
}
