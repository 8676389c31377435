/** One chart strip: title, legend with the value under the cursor, plot. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { axis, css } from "../../shared/charts/axes.ts";
import { h, write } from "../../shared/dom/dom.ts";
import { fixed, hourMinute } from "../../shared/format/figures.ts";
import { type Reach, reach } from "./scales.ts";
import type { Values } from "../../shared/charts/timeline.ts";

/** How a strip differs from the others. */
export interface Style {
  /** Units beside the scales, "" where the title tells them. */
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

const together = uPlot.sync("time");

export class Strip {
  readonly #host: HTMLElement;
  readonly #plotHost = h("div", { class: "plot" }, h("p", { class: "empty" }, "No data yet"));
  readonly #legend = h("ul", { class: "legend" });
  readonly #beyond = h("li", { class: "beyond", hidden: true, title: "Drawn, the others would be flat lines." });
  readonly #style: Style;
  #reach: Reach = { top: null, beyond: [] };
  #lines: Line[] = [];
  #chips: HTMLElement[] = [];
  #plot: uPlot | null = null;
  #data: uPlot.AlignedData = [[]];

  constructor(host: HTMLElement, title: string, style: Style) {
    this.#host = host;
    this.#style = style;
    host.append(h("div", { class: "strip-head" }, h("h3", {}, title), this.#legend), this.#plotHost);
    new ResizeObserver(() => this.#resize()).observe(this.#plotHost);
  }

  /** The lines changed: make the plot anew. */
  shape(lines: Line[]): void {
    this.#lines = lines;
    this.#chips = lines.map(() => h("b"));
    this.#legend.replaceChildren(
      ...lines.map((line, index) => {
        const swatch = h("span", { class: line.dash.length > 0 ? "swatch dashed" : "swatch", "aria-hidden": "true" });
        swatch.style.setProperty("--colour", `var(${line.colour})`);
        return h("li", {}, swatch, `${line.label} `, this.#chips[index]!);
      }),
      this.#beyond,
    );
    this.rebuild();
  }

  /** New data on the same lines. */
  draw(times: number[], series: Values[]): void {
    this.#data = [times, ...series];
    const { plausible } = this.#style;
    if (plausible !== null) this.#tellBeyond(reach(series, plausible));
    if (this.#plot === null) this.rebuild();
    else this.#plot.setData(this.#data);
    this.#tell(this.#plot?.cursor.idx ?? null);
    const newest = this.#lines.map((line, index) => `${line.label} ${fixed(series[index]?.at(-1) ?? null, line.decimals)}`);
    this.#plotHost.setAttribute("aria-label", `Chart, last six hours. Newest: ${newest.join(", ")}`);
  }

  #tellBeyond(found: Reach): void {
    this.#reach = found;
    const lines = found.beyond.map(([line, highest]) => `${this.#lines[line]?.label} up to ${fixed(highest)}`);
    this.#beyond.hidden = lines.length === 0;
    write(this.#beyond, lines.length === 0 ? "" : `▲ above the scale: ${lines.join(", ")}`);
  }

  /** Make the plot anew, for new lines or new colours. */
  rebuild(): void {
    this.#plot?.destroy();
    this.#plot = null;
    this.#plotHost.setAttribute("role", "img");
    if (this.#lines.length === 0 || this.#data.length !== this.#lines.length + 1 || this.#plotHost.clientWidth === 0) return;
    this.#plotHost.replaceChildren();
    this.#plot = new uPlot(this.#options(), this.#data, this.#plotHost);
  }

  #options(): uPlot.Options {
    const rightUsed = this.#lines.some((line) => line.right);
    const { left, right, zero, times } = this.#style;
    const range = (low: number | null, high: number | null): [number, number] =>
      zero || low === null || high === null ? [0, niceTop(high)] : [Math.max(0, Math.floor((low - 1) / 5) * 5), Math.ceil((high + 1) / 5) * 5];
    const drawn = (high: number | null): number | null => (high === null ? null : Math.min(high, this.#reach.top ?? high));
    const scale: uPlot.Scale = { range: (_plot, low, high) => range(low, drawn(high)) };
    return {
      ...this.#size(),
      padding: [6, rightUsed ? 0 : 10, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
      legend: { show: false },
      cursor: { sync: { key: together.key, setSeries: false }, y: false, drag: { x: false, y: false } },
      scales: { x: { time: true }, left: scale, right: scale },
      axes: [
        axis({ size: times ? 22 : 9, space: 60, values: (_plot, ticks) => ticks.map((tick) => (times ? hourMinute(tick * 1000) : "")) }),
        axis({ scale: "left", label: left, size: 34, space: 20, incrs: WHOLE }),
        ...(rightUsed ? [axis({ scale: "right", label: right, side: 1, size: 30, space: 20, incrs: WHOLE, grid: { show: false } })] : []),
      ],
      series: [{}, ...this.#lines.map(series)],
      hooks: { setCursor: [(plot) => this.#tell(plot.cursor.idx ?? null)] },
    };
  }

  #tell(index: number | null): void {
    this.#lines.forEach((line, number) => {
      const values = this.#data[number + 1];
      const value = index === null ? values?.[values.length - 1] : values?.[index];
      write(this.#chips[number]!, fixed(value ?? null, line.decimals));
    });
    const time = index === null ? "" : hourMinute((this.#data[0][index] ?? 0) * 1000);
    this.#host.dataset["time"] = time;
  }

  #size(): { width: number; height: number } {
    return { width: this.#plotHost.clientWidth, height: Math.max(60, this.#plotHost.clientHeight) };
  }

  #resize(): void {
    if (this.#plot === null) this.rebuild();
    else this.#plot.setSize(this.#size());
  }
}

/** A round number above the data, and never so small that nothing looks like much. */
function niceTop(high: number | null): number {
  const wanted = Math.max(4, (high ?? 0) * 1.08);
  const unit = 10 ** Math.floor(Math.log10(wanted));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * unit).find((top) => top >= wanted) ?? wanted;
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
