/** One raw signal of a crane over time on a canvas, phases shaded behind it. */

import uPlot from "uplot";
import { axis, css } from "../../shared/charts/axis.ts";
import type { Values } from "../../shared/charts/timeline.ts";
import { zoneId } from "../../shared/format/shown-zone.ts";
import { clock, hourMinute } from "../../shared/format/times.ts";
import type { Cycle, Span } from "../cycle.ts";
import { NO_TRACE, type Trace } from "../signals/trace.ts";
import { level, shade } from "./shading.ts";

/** Room beside the plots; the lanes above and below keep the same (chart.css). [px] */
const EDGE_PX = 8;
const LEAST_HEIGHT_PX = 50;
const LEAST_DRAG_PX = 6;
/** A span this short has seconds on its times. */
const SECONDS_MS = 12 * 60_000;

export interface Signal {
  name: string;
  title: string;
  unit: string;
  colour: string;
  /** A level worth a line; the scale always holds it. */
  level: number;
  /** Whether times are written below. */
  times: boolean;
}

export interface Listener {
  /** The cursor is at a time, or nowhere. */
  point(ms: number | null): void;
  /** A span was drawn with the mouse. */
  pick(span: Span): void;
  /** A time was clicked. */
  click(ms: number): void;
}

/** What the plots of all signals show. */
export interface View {
  trace: Trace;
  cycles: readonly Cycle[];
  waits: readonly Span[];
  chosen: Cycle | null;
  span: Span;
}

const cursors = uPlot.sync("cycles");
const NOTHING: View = { trace: NO_TRACE, cycles: [], waits: [], chosen: null, span: { beginMs: 0, endMs: 1 } };

export class SignalCanvas {
  readonly #host: HTMLElement;
  readonly #signal: Signal;
  readonly #listener: Listener;
  #plot: uPlot | null = null;
  #view: View = NOTHING;
  #dragged = false;

  constructor(host: HTMLElement, signal: Signal, listener: Listener) {
    this.#host = host;
    this.#signal = signal;
    this.#listener = listener;
  }

  draw(view: View): void {
    const otherData = view.trace !== this.#view.trace;
    this.#view = view;
    if (this.#plot === null || otherData) this.rebuild();
    else this.#plot.setScale("x", seconds(view.span));
    this.#plot?.redraw(false);
  }

  /** For new data, new colours, or when there is room at last. */
  rebuild(): void {
    this.destroy();
    if (this.#host.clientWidth === 0) return;
    const { trace } = this.#view;
    const values = trace.signals.get(this.#signal.name) ?? [];
    const times = trace.times.map((ms) => ms / 1000);
    this.#plot = new uPlot(this.#options(values), [times, padded(values, times.length)], this.#host);
    this.#plot.over.addEventListener("mousedown", () => (this.#dragged = false));
    this.#plot.over.addEventListener("click", () => this.#clicked());
  }

  resize(): void {
    if (this.#plot === null) this.rebuild();
    else if (this.#host.clientWidth > 0) this.#plot.setSize(this.#size());
  }

  destroy(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  #options(values: Values): uPlot.Options {
    const { times, colour, level: worth } = this.#signal;
    const { span } = this.#view;
    const fine = span.endMs - span.beginMs < SECONDS_MS;
    return {
      ...this.#size(),
      padding: [4, EDGE_PX, 0, 0],
      tzDate: (s) => uPlot.tzDate(new Date(s * 1000), zoneId.value),
      legend: { show: false },
      cursor: { sync: { key: cursors.key, setSeries: false }, y: false, drag: { x: true, y: false, setScale: false } },
      scales: { x: { time: true, auto: false, ...seconds(span) }, y: { range: scaleOf(values, worth) } },
      axes: [
        axis({
          size: times ? 22 : 6,
          space: fine ? 76 : 60,
          values: (_plot, ticks) => ticks.map((tick) => (times ? (fine ? clock : hourMinute)(tick * 1000) : "")),
        }),
        axis({ scale: "y", size: this.#gutterPx(), space: 26 }),
      ],
      series: [{}, { scale: "y", stroke: css(colour), width: 1.6, points: { show: false }, spanGaps: false }],
      hooks: {
        drawClear: [(plot) => shade(plot, this.#view.cycles, this.#view.waits, this.#view.chosen)],
        drawAxes: [(plot) => level(plot, worth, "y")],
        setCursor: [(plot) => this.#listener.point(cursorMs(plot))],
        setSelect: [(plot) => this.#selected(plot)],
      },
    };
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < LEAST_DRAG_PX) return;
    this.#dragged = true;
    const span = { beginMs: plot.posToVal(left, "x") * 1000, endMs: plot.posToVal(left + width, "x") * 1000 };
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#listener.pick(span);
  }

  #clicked(): void {
    const ms = this.#plot === null || this.#dragged ? null : cursorMs(this.#plot);
    if (ms !== null) this.#listener.click(ms);
  }

  #gutterPx(): number {
    return Number.parseFloat(getComputedStyle(this.#host).getPropertyValue("--gutter"));
  }

  #size(): { width: number; height: number } {
    return { width: this.#host.clientWidth, height: Math.max(LEAST_HEIGHT_PX, this.#host.clientHeight) };
  }
}

function cursorMs(plot: uPlot): number | null {
  const left = plot.cursor.left ?? -1;
  return left < 0 ? null : plot.posToVal(left, "x") * 1000;
}

function seconds(span: Span): { min: number; max: number } {
  return { min: span.beginMs / 1000, max: span.endMs / 1000 };
}

/** As many values as times: a signal that was never sent is drawn as nothing. */
function padded(values: Values, length: number): Values {
  return values.length === length ? values : new Array<number | null>(length).fill(null);
}

/** A scale for all values, whatever part is shown: zooming changes only one direction. */
function scaleOf(values: Values, worth: number): [number, number] {
  const some = values.filter((one) => one !== null);
  const [low, high] = [some.reduce((a, b) => Math.min(a, b), worth), some.reduce((a, b) => Math.max(a, b), worth + 10)];
  const room = (high - low) * 0.06;
  return [low === worth ? low - room / 2 : low - room, high + room];
}
