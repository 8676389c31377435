/** KPI tiles: labels, units and definitions come from the catalogue. */

import { h, mark, write } from "./dom.ts";
import type { KpiInfo, KpiValue } from "./facts.ts";
import { decimalsOf, fixed, windowName } from "./figures.ts";
import type { Picture } from "./picture.ts";
import { explain, type Line } from "./tooltip.ts";

/** Counts that should be zero; anything else is marked. */
const ALARMS = new Set(["reefers_out_of_range", "reefers_unpowered"]);

export class Tiles {
  readonly #host: HTMLElement;
  #catalogue: KpiInfo[] = [];
  #values = new Map<string, HTMLElement>();

  constructor(host: HTMLElement) {
    this.#host = host;
    explain(host, "[data-kpi]", (target) => this.#lines(target.getAttribute("data-kpi") ?? ""));
  }

  describe(catalogue: KpiInfo[]): void {
    this.#catalogue = catalogue.filter((one) => one.subject.split(",").includes("terminal"));
    this.#values.clear();
    this.#host.replaceChildren(...this.#catalogue.map((one) => this.#tile(one)));
  }

  render(picture: Picture, terminal: string): void {
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
      mark(node.closest(".tile")!, "data-alarm", String(ALARMS.has(one.id) && value !== null && value > 0));
    }
  }

  #tile(one: KpiInfo): HTMLElement {
    const value = h("b", { class: "value" });
    this.#values.set(one.id, value);
    // "Truck turn time, p90": what comes after the comma tells tiles apart, so it must not be what is cut off.
    const [title, ...rest] = one.title.split(", ");
    return h(
      "div",
      { class: "tile", tabindex: 0, role: "group", "aria-label": one.title, "data-kpi": one.id },
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
    ];
  }
}

function pair(label: string, value: string): Line[] {
  return value === "" ? [] : [[label, value]];
}

function asInfo(value: KpiValue): KpiInfo {
  const windowS = value.window === "PT1H" ? 3600 : 0;
  const title = value.kpi.replaceAll("_", " ");
  return { id: value.kpi, title, unit: value.unit, subject: "terminal", windowS, formula: "", source: "", description: "" };
}
