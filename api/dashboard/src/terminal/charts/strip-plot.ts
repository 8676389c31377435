/** The plot of a chart strip, on a canvas. */

import uPlot from "uplot";
import { axis, css } from "../../shared/charts/axis.ts";
import type { Values } from "../../shared/charts/timeline.ts";
import { zoneId } from "../../shared/format/shown-zone.ts";
import { hourMinute } from "../../shared/format/times.ts";

/** How a strip differs from the others. */
export interface Style {
  /** Units beside the scales, "" where the title has them. */
  left: string;
  right: string;
  /** Whether the scale begins at zero. */
  zero: boolean;
  /** What is never too high to be drawn; lines far above it and above what is usual leave the scale. Null: all is drawn. */
  plausible: number | null;
  /** Whether times are written below; strips above another share its times. */
  times: boolean;
}

export interface Line {
  label: string;
  /** CSS variable that holds the colour. */
  colour: string;
  dash: number[];
  width: number;
  stepped: boolean;
  decimals: number;
  /** Right-hand scale. */
  right: boolean;
}

/** Everything drawn is counted or rated: no halves on the scales. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
const LEAST_HEIGHT_PX = 60;

const cursors = uPlot.sync("time");

export class StripPlot {
  readonly #host: HTMLElement;
  readonly #style: Style;
  readonly #point: (index: number | null) => void;
  #lines: readonly Line[] = [];
  #plot: uPlot | null = null;
  #data: uPlot.AlignedData = [[]];
  #top: number | null = null;

  /** @param point the cursor is at a step, or nowhere. */
  constructor(host: HTMLElement, style: Style, point: (index: number | null) => void) {
    this.#host = host;
    this.#style = style;
    this.#point = point;
  }

  /** @param top highest value that is drawn; null: all are. */
  draw(lines: readonly Line[], times: readonly number[], values: readonly Values[], top: number | null): void {
    this.#data = [[...times], ...values];
    this.#top = top;
    const same = lines === this.#lines;
    this.#lines = lines;
    if (this.#plot === null || !same) this.rebuild();
    else this.#plot.setData(this.#data);
  }

  /** For new lines, new colours, or when there is room at last. */
  rebuild(): void {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#lines.length === 0 || this.#data.length !== this.#lines.length + 1 || this.#host.clientWidth === 0) return;
    this.#plot = new uPlot(this.#options(), this.#data, this.#host);
  }

  resize(): void {
    if (this.#plot === null) this.rebuild();
    else if (this.#host.clientWidth > 0) this.#plot.setSize(this.#size());
  }

  destroy(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  #options(): uPlot.Options {
    const { left, right, times } = this.#style;
    const rightUsed = this.#lines.some((line) => line.right);
    const scale: uPlot.Scale = { range: (_plot, low, high) => this.#range(low, high) };
    return {
      ...this.#size(),
      padding: [6, rightUsed ? 0 : 10, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zoneId.value),
      legend: { show: false },
      cursor: { sync: { key: cursors.key, setSeries: false }, y: false, drag: { x: false, y: false } },
      scales: { x: { time: true }, left: scale, right: scale },
      axes: [
        axis({ size: times ? 22 : 9, space: 60, values: (_plot, ticks) => ticks.map((tick) => (times ? hourMinute(tick * 1000) : "")) }),
        axis({ scale: "left", label: left, size: 34, space: 20, incrs: WHOLE }),
        ...(rightUsed ? [axis({ scale: "right", label: right, side: 1, size: 30, space: 20, incrs: WHOLE, grid: { show: false } })] : []),
      ],
      series: [{}, ...this.#lines.map(series)],
      hooks: { setCursor: [(plot) => this.#point(plot.cursor.idx ?? null)] },
    };
  }

  #range(low: number | null, high: number | null): [number, number] {
    const drawn = high === null ? null : Math.min(high, this.#top ?? high);
    if (this.#style.zero || low === null || drawn === null) return [0, niceTop(drawn)];
    return [Math.max(0, Math.floor((low - 1) / 5) * 5), Math.ceil((drawn + 1) / 5) * 5];
  }

  #size(): { width: number; height: number } {
    return { width: this.#host.clientWidth, height: Math.max(LEAST_HEIGHT_PX, this.#host.clientHeight) };
  }
}

/** A round number above the data, and never so small that nothing looks like much. */
function niceTop(high: number | null): number {
  const least = Math.max(4, (high ?? 0) * 1.08);
  const unit = 10 ** Math.floor(Math.log10(least));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * unit).find((top) => top >= least) ?? least;
}

function series(line: Line): uPlot.Series {
  const stepped = line.stepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    label: line.label,
    scale: line.right ? "right" : "left",
    stroke: css(line.colour),
    width: line.width,
    dash: line.dash,
    points: { show: false },
    spanGaps: false,
    ...(stepped === undefined ? {} : { paths: stepped }),
  };
}
