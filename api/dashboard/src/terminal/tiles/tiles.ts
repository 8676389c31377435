/** KPI tiles: labels, units and definitions come from the catalogue. */

import { h, mark, write } from "../../shared/dom/dom.ts";
import type { KpiInfo, KpiValue } from "../../shared/model/facts.ts";
import { decimalsOf, fixed, windowName } from "../../shared/format/figures.ts";
import type { Picture } from "../../shared/live/terminal-data.ts";
import { kpiLink } from "../../shared/routing/route.ts";
import { explain, type Line } from "../../shared/tooltip/tooltip.ts";

/** The figures of the first page, in order; the catalogue has many more. */
const FIRST: readonly string[] = [
  "boxes",
  "gross_crane_rate",
  "net_crane_rate",
  "median_cycle_time",
  "truck_turn_time_median",
  "truck_turn_time_p90",
  "trucks_in_terminal",
  "gate_queue_length",
  "reefers_plugged",
  "reefers_out_of_range",
  "reefers_unpowered",
];

/** Counts that should be zero; anything else is marked. */
const ALARMS = new Set(["reefers_out_of_range", "reefers_unpowered"]);

export class Tiles {
  readonly #host: HTMLElement;
  #catalogue: KpiInfo[] = [];
  #values = new Map<string, HTMLElement>();
  #terminal = "";

  constructor(host: HTMLElement) {
    this.#host = host;
    explain(host, "[data-kpi]", (target) => this.#lines(target.getAttribute("data-kpi") ?? ""));
  }

  describe(catalogue: KpiInfo[]): void {
    const rank = (one: KpiInfo): number => FIRST.indexOf(one.id);
    this.#catalogue = catalogue.filter((one) => rank(one) >= 0).sort((a, b) => rank(a) - rank(b));
    this.#values.clear();
    this.#host.replaceChildren(...this.#catalogue.map((one) => this.#tile(one)));
  }

  render(picture: Picture, terminal: string): void {
    this.#terminal = terminal;
    // Before the catalogue has come, and for KPIs newer than it, the value itself tells enough for a tile.
    if (this.#catalogue.length === 0) {
      const told = [...picture.kpis.values()].filter((one) => one.subject === terminal);
      if (told.length > 0) this.describe(told.map(asInfo));
    }
    for (const one of this.#catalogue) {
      const value = picture.kpi(one.id, terminal)?.value ?? null;
      const node = this.#values.get(one.id);
      if (node === undefined) continue;
      write(node, fixed(value, decimalsOf(one.unit)));
      mark(node.closest(".tile")!, "href", kpiLink(terminal, one.id, terminal));
      mark(node.closest(".tile")!, "data-alarm", String(ALARMS.has(one.id) && value !== null && value > 0));
    }
  }

  #tile(one: KpiInfo): HTMLElement {
    const value = h("b", { class: "value" });
    this.#values.set(one.id, value);
    // "Truck turn time, p90": what comes after the comma tells tiles apart, so it must not be what is cut off.
    const [title, ...rest] = one.title.split(", ");
    return h(
      "a",
      { class: "tile", href: this.#terminal === "" ? null : kpiLink(this.#terminal, one.id, this.#terminal), "data-kpi": one.id },
      h("span", { class: "title" }, title ?? one.id),
      h("span", { class: "reading" }, value, " ", h("span", { class: "unit" }, one.unit)),
      h("span", { class: "window" }, [...rest, windowName(one.windowS)].join(" · ")),
    );
  }

  #lines(id: string): Line[] | null {
    const one = this.#catalogue.find((info) => info.id === id);
    if (one === undefined) return null;
    return [
      one.title,
      ...(one.description ? [one.description] : []),
      ...pair("Formula", one.formula),
      ["Window", windowName(one.windowS)],
      ["Unit", one.unit || "–"],
      ...pair("Source", one.source),
      "Click to see what it is made of.",
    ];
  }
}

function pair(label: string, value: string): Line[] {
  return value === "" ? [] : [[label, value]];
}

function asInfo(value: KpiValue): KpiInfo {
  const windowS = value.window === "PT1H" ? 3600 : 0;
  const title = value.kpi.replaceAll("_", " ");
  return { id: value.kpi, title, unit: value.unit, subject: "terminal", windowS, windows: new Map(), formula: "", source: "", description: "" };
}
