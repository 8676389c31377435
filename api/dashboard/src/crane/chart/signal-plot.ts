/** One raw signal of a crane over time, phases shaded behind it. */

import uPlot from "uplot";
import { axis, css } from "../../shared/charts/axes.ts";
import type { Cycle, Span } from "../../shared/cycles/cycle.ts";
import { h, write } from "../../shared/dom/dom.ts";
import { clock, fixed, hourMinute } from "../../shared/format/figures.ts";
import { level, shade } from "./shading.ts";
import { type Trace, valueAt } from "../signals/trace.ts";
import type { Values } from "../../shared/charts/timeline.ts";

/** Room beside the plots; the lanes above and below keep the same (cycles.css). [px] */
const EDGE_PX = 8;

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

const together = uPlot.sync("cycles");

export class SignalPlot {
  readonly node: HTMLElement;
  readonly #host = h("div", { class: "signal-plot" });
  readonly #value = h("b");
  readonly #sides = h("span", { class: "sides" });
  readonly #signal: Signal;
  readonly #listener: Listener;
  #plot: uPlot | null = null;
  #trace: Trace = { times: [], signals: new Map() };
  #cycles: readonly Cycle[] = [];
  #waits: readonly Span[] = [];
  #chosen: Cycle | null = null;
  #span: Span = { beginMs: 0, endMs: 1 };
  #dragged = false;

  constructor(signal: Signal, listener: Listener) {
    this.#signal = signal;
    this.#listener = listener;
    const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.setProperty("--colour", `var(${signal.colour})`);
    const title = h("p", { class: "signal-title" }, swatch, `${signal.title}, ${signal.unit} `, this.#value, this.#sides);
    this.node = h("div", { class: "signal", "data-times": String(signal.times), role: "img", "aria-label": signal.title }, title, this.#host);
    new ResizeObserver(() => this.#resize()).observe(this.#host);
  }

  draw(trace: Trace, cycles: readonly Cycle[], waits: readonly Span[], chosen: Cycle | null, span: Span): void {
    const fresh = trace !== this.#trace;
    this.#trace = trace;
    this.#cycles = cycles;
    this.#waits = waits;
    this.#chosen = chosen;
    this.#span = span;
    if (this.#plot === null || fresh) this.rebuild();
    else this.#plot.setScale("x", { min: span.beginMs / 1000, max: span.endMs / 1000 });
    this.#plot?.redraw(false);
  }

  /** What lies on either side of the level. */
  say(sides: string): void {
    write(this.#sides, sides);
  }

  /** Tell the value at a time beside the title. */
  tell(ms: number | null): void {
    const value = ms === null ? null : valueAt(this.#trace, this.#signal.name, ms);
    write(this.#value, ms === null ? "" : fixed(value, 1));
  }

  /** Make the plot anew, for new data or new colours. */
  rebuild(): void {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#host.clientWidth === 0) return;
    const values = this.#trace.signals.get(this.#signal.name) ?? [];
    const times = this.#trace.times.map((ms) => ms / 1000);
    this.#plot = new uPlot(this.#options(values), [times, padded(values, times.length)], this.#host);
    this.#plot.over.addEventListener("mousedown", () => (this.#dragged = false));
    this.#plot.over.addEventListener("click", () => this.#clicked());
  }

  #options(values: Values): uPlot.Options {
    const { times, colour, level: worth } = this.#signal;
    const seconds = this.#span.endMs - this.#span.beginMs < 12 * 60_000;
    return {
      ...this.#size(),
      padding: [4, EDGE_PX, 0, 0],
      tzDate: (s) => uPlot.tzDate(new Date(s * 1000), "UTC"),
      legend: { show: false },
      cursor: { sync: { key: together.key, setSeries: false }, y: false, drag: { x: true, y: false, setScale: false } },
      scales: {
        x: { time: true, auto: false, min: this.#span.beginMs / 1000, max: this.#span.endMs / 1000 },
        y: { range: scaleOf(values, worth) },
      },
      axes: [
        axis({
          size: times ? 22 : 6,
          space: seconds ? 76 : 60,
          values: (_plot, ticks) => ticks.map((tick) => (times ? (seconds ? clock : hourMinute)(tick * 1000) : "")),
        }),
        axis({ scale: "y", size: this.#gutterPx(), space: 26 }),
      ],
      series: [{}, { scale: "y", stroke: css(colour), width: 1.6, points: { show: false }, spanGaps: false }],
      hooks: {
        drawClear: [(plot) => shade(plot, this.#cycles, this.#waits, this.#chosen)],
        drawAxes: [(plot) => level(plot, worth, "y")],
        setCursor: [(plot) => this.#listener.point(this.#msAt(plot))],
        setSelect: [(plot) => this.#selected(plot)],
      },
    };
  }

  #msAt(plot: uPlot): number | null {
    const left = plot.cursor.left ?? -1;
    return left < 0 ? null : plot.posToVal(left, "x") * 1000;
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 6) return;
    this.#dragged = true;
    const span = { beginMs: plot.posToVal(left, "x") * 1000, endMs: plot.posToVal(left + width, "x") * 1000 };
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#listener.pick(span);
  }

  #clicked(): void {
    const ms = this.#plot === null || this.#dragged ? null : this.#msAt(this.#plot);
    if (ms !== null) this.#listener.click(ms);
  }

  #gutterPx(): number {
    return Number.parseFloat(getComputedStyle(this.#host).getPropertyValue("--gutter"));
  }

  #size(): { width: number; height: number } {
    return { width: this.#host.clientWidth, height: Math.max(50, this.#host.clientHeight) };
  }

  #resize(): void {
    if (this.#plot === null) this.rebuild();
    else this.#plot.setSize(this.#size());
  }
}

/** As many values as times: a signal that was never sent is drawn as nothing. */
function padded(values: Values, length: number): Values {
  return values.length === length ? values : new Array<number | null>(length).fill(null);
}

/** A scale over all values, whatever part is shown: zooming changes only one direction. */
function scaleOf(values: Values, worth: number): [number, number] {
  const some = values.filter((one) => one !== null);
  const [low, high] = [some.reduce((a, b) => Math.min(a, b), worth), some.reduce((a, b) => Math.max(a, b), worth + 10)];
  const room = (high - low) * 0.06;
  return [low === worth ? low - room / 2 : low - room, high + room];
}
