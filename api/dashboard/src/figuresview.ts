/** All KPIs of one subject over all their windows: terminal, crane, berth or vessel call. */

import { h, mark, write } from "./dom.ts";
import type { KpiInfo } from "./facts.ts";
import { byId, reading, windowWord } from "./figures.ts";
import { empty, loading } from "./notice.ts";
import { type Picture, WINDOWS } from "./picture.ts";
import type { Catalogue } from "./readings.ts";
import { kpiLink, link, type Route } from "./route.ts";

type Place = Extract<Route, { view: "figures" }>;

const COLUMNS = WINDOWS.filter((one) => one !== "now");

export class FiguresView {
  readonly #catalogue: Catalogue;
  readonly #choice = h("nav", { class: "choice", "aria-label": "Whose figures" });
  readonly #title = h("h2");
  readonly #notice = h("div", { class: "notice-place" });
  readonly #table = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Figures" });
  #place: Place | null = null;
  #offered = "";
  #made = "";
  #cells = new Map<string, HTMLElement>();

  constructor(host: HTMLElement, catalogue: Catalogue) {
    this.#catalogue = catalogue;
    const note = h("span", { class: "note" }, "every value leads to what it is made of; ◐ provisional until people have said the causes of stops");
    host.append(this.#choice, h("section", { class: "panel", "aria-label": "Figures" }, h("div", { class: "panel-head" }, this.#title, note), this.#notice, this.#table));
  }

  show(place: Place): void {
    this.#place = place;
    this.#made = this.#offered = "";
  }

  hide(): void {
    this.#place = null;
  }

  render(picture: Picture): void {
    const place = this.#place;
    if (place === null) return;
    const subject = place.subject ?? place.terminal;
    this.#offer(picture, place, subject);
    write(this.#title, `Figures of ${subject}`);
    const found = picture.kpisOf(subject);
    this.#notice.replaceChildren(...(found.length > 0 ? [] : [picture.kpis.size === 0 ? loading("figures") : empty(`No figures of ${subject}`, "They come with its first moves, and end when it is gone.")]));
    const kpis = [...this.#catalogue.values()].filter((one) => found.some((value) => value.kpi === one.id));
    this.#make(kpis, place.terminal, subject, found.map((one) => `${one.kpi}/${one.window}`));
    for (const one of found) {
      const cell = this.#cells.get(`${one.kpi}/${one.window}`);
      if (cell === undefined) continue;
      write(cell, reading(one.value, one.unit)[0]);
      mark(cell, "data-state", one.state ?? "");
    }
  }

  /** Terminal, cranes, and whatever else has values: berths and calls. */
  #offer(picture: Picture, place: Place, chosen: string): void {
    const all = new Set([...picture.kpis.values()].map((one) => one.subject));
    all.delete(place.terminal);
    const subjects = [place.terminal, ...[...all].sort(byId)];
    const offered = `${chosen}/${subjects.join(" ")}`;
    if (offered === this.#offered) return;
    this.#offered = offered;
    const chip = (one: string): HTMLElement =>
      h("a", { class: "chip", href: link({ ...place, subject: one }), "aria-current": one === chosen ? "page" : null }, one);
    this.#choice.replaceChildren(...subjects.map(chip));
    this.#choice.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  #make(kpis: readonly KpiInfo[], terminal: string, subject: string, keys: readonly string[]): void {
    const made = [subject, ...kpis.map((one) => one.id), ...keys].join(" ");
    if (made === this.#made) return;
    this.#made = made;
    this.#cells.clear();
    const known = new Set(keys);
    const windows = COLUMNS.filter((window) => keys.some((key) => key.endsWith(`/${window}`)));
    const now = keys.some((key) => key.endsWith("/now")) ? ["now"] : [];
    const head = ["KPI", ...[...windows, ...now].map(windowWord)].map((name, index) => h("th", { scope: "col", class: index > 0 ? "number" : null }, name));
    const rows = kpis.map((kpi) => {
      const cells = [...windows, ...now].map((window) => this.#cell(kpi, window, terminal, subject, known));
      return h("tr", { title: kpi.description }, h("th", { scope: "row" }, kpi.title, h("span", { class: "unit" }, ` ${reading(null, kpi.unit)[1]}`)), ...cells);
    });
    this.#table.replaceChildren(h("table", { class: "figures" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)));
  }

  #cell(kpi: KpiInfo, window: string, terminal: string, subject: string, known: ReadonlySet<string>): HTMLElement {
    const key = `${kpi.id}/${window}`;
    if (!known.has(key)) return h("td");
    const value = h("a", { href: kpiLink(terminal, kpi.id, subject, window) });
    this.#cells.set(key, value);
    return h("td", { class: "number" }, value);
  }
}
