/** All KPIs of one subject over all their windows: terminal, crane, berth or vessel call. */

import { h, mark, write } from "../shared/dom/dom.ts";
import type { KpiInfo, KpiValue } from "../shared/model/facts.ts";
import { byId, NOTHING, reading, windowWord } from "../shared/format/figures.ts";
import { empty, loading } from "../shared/notice/notice.ts";
import { type Picture, WINDOWS } from "../shared/live/terminal-data.ts";
import type { Catalogue } from "../shared/kpis/readings.ts";
import { kpiLink, link, type Route } from "../shared/routing/route.ts";
import { kindsOf, windowsFor } from "../shared/kpis/subjects.ts";

type Place = Extract<Route, { view: "figures" }>;

const COLUMNS = [...WINDOWS.filter((one) => one !== "now"), "now"];
const UNKNOWN = "…";

type Row = [info: KpiInfo, windows: string[]];

export class FiguresView {
  readonly #catalogue: Catalogue;
  readonly #choice = h("nav", { class: "choice", "aria-label": "Whose figures" });
  readonly #title = h("h2");
  readonly #notice = h("div", { class: "notice-place" });
  readonly #table = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Figures" });
  #place: Place | null = null;
  #offered = "";
  #made = "";
  #told: string | null = null;
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
    const gone = found.length === 0 && picture.allWindows;
    const kinds = gone ? null : kindsOf(subject, place.terminal, picture);
    const rows = kinds === null ? [] : [...this.#catalogue.values()].map((info): Row => [info, windowsFor(info, kinds)]).filter(([, windows]) => windows.length > 0);
    this.#tell(rows.length > 0 ? "" : gone ? `No figures of ${subject}` : UNKNOWN);
    this.#make(rows, place.terminal, subject);
    const values = new Map(found.map((one) => [`${one.kpi}/${one.window}`, one]));
    for (const [key, cell] of this.#cells) fill(cell, values.get(key), picture.allWindows, place.terminal);
  }

  #tell(notice: string): void {
    if (notice === this.#told) return;
    this.#told = notice;
    const none = (): HTMLElement => empty(notice, "They come with its first moves, and end when it is gone.");
    this.#notice.replaceChildren(...(notice === "" ? [] : [notice === UNKNOWN ? loading("figures") : none()]));
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

  /** The table with all its columns, before any value has come. */
  #make(rows: readonly Row[], terminal: string, subject: string): void {
    const made = [terminal, subject, ...rows.map(([info, windows]) => `${info.id}:${windows.join()}`)].join(" ");
    if (made === this.#made) return;
    this.#made = made;
    this.#cells.clear();
    const columns = COLUMNS.filter((window) => rows.some(([, windows]) => windows.includes(window)));
    const head = ["KPI", ...columns.map(windowWord)].map((name, index) => h("th", { scope: "col", class: index > 0 ? "number" : null }, name));
    const lines = rows.map(([info, windows]) => {
      const cells = columns.map((window) => (windows.includes(window) ? this.#cell(`${info.id}/${window}`) : h("td")));
      return h("tr", { title: info.description }, h("th", { scope: "row" }, info.title, h("span", { class: "unit" }, ` ${reading(null, info.unit)[1]}`)), ...cells);
    });
    const table = h("table", { class: "figures" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...lines));
    this.#table.replaceChildren(...(rows.length === 0 ? [] : [table]));
  }

  #cell(key: string): HTMLElement {
    const value = h("a");
    this.#cells.set(key, value);
    return h("td", { class: "number" }, value);
  }
}

/** A value leads to what it is made of; what is not told leads nowhere. */
function fill(cell: HTMLElement, value: KpiValue | undefined, known: boolean, terminal: string): void {
  if (value === undefined) {
    write(cell, known ? NOTHING : UNKNOWN);
    mark(cell, "data-state", known ? "none" : "loading");
    cell.removeAttribute("href");
    return;
  }
  write(cell, reading(value.value, value.unit)[0]);
  mark(cell, "data-state", value.state ?? "");
  mark(cell, "href", kpiLink(terminal, value.kpi, value.subject, value.window));
}
