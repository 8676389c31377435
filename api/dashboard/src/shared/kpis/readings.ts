/** KPI values of one subject in a row, over each window; each value is a link to what it is made of. */

import { h, write } from "../dom/dom.ts";
import type { KpiInfo, KpiValue } from "../model/facts.ts";
import { reading, windowWord } from "../format/figures.ts";
import { flash } from "../../terminal/gate/gate.ts";
import type { Picture } from "../live/terminal-data.ts";
import { kpiLink } from "../routing/route.ts";

export type Catalogue = Map<string, KpiInfo>;

export class Readings {
  readonly node = h("ul", { class: "readings" });
  readonly #catalogue: Catalogue;
  readonly #kpis: readonly string[];
  readonly #windows: readonly string[];
  #made = "";
  #values = new Map<string, HTMLElement>();

  /** @param kpis ids in order. @param windows those to show of each, where there is a value. */
  constructor(catalogue: Catalogue, kpis: readonly string[], windows: readonly string[]) {
    this.#catalogue = catalogue;
    this.#kpis = kpis;
    this.#windows = windows;
  }

  render(picture: Picture, terminal: string, subject: string): void {
    const found = this.#kpis.map((kpi) => this.#windows.flatMap((window) => picture.kpi(kpi, subject, window) ?? [])).filter((some) => some.length > 0);
    const made = [terminal, subject, this.#catalogue.size, ...found.flat().map(keyOf)].join(" ");
    if (made !== this.#made) {
      this.#made = made;
      this.#values.clear();
      this.node.replaceChildren(...found.map((some) => this.#card(some, terminal)));
    }
    for (const one of found.flat()) tell(this.#values.get(keyOf(one))!, one);
  }

  #card(some: KpiValue[], terminal: string): HTMLElement {
    const { kpi } = some[0]!;
    const [, unit] = reading(some[0]!.value, some[0]!.unit);
    const title = this.#catalogue.get(kpi)?.title ?? kpi.replaceAll("_", " ");
    const links = some.map((one) => {
      const value = h("b");
      this.#values.set(keyOf(one), value);
      const window = some.length === 1 && one.window === "call" ? null : h("span", { class: "window" }, ` ${windowWord(one.window)}`);
      return h("a", { href: kpiLink(terminal, one.kpi, one.subject, one.window), title: "What is this made of?" }, value, window);
    });
    return h("li", { "data-kpi": kpi }, h("span", { class: "name" }, unit === "" || unit === title.toLowerCase() ? title : `${title}, ${unit}`), h("span", { class: "values" }, ...links));
  }
}

function keyOf(one: KpiValue): string {
  return `${one.kpi}/${one.window}`;
}

function tell(into: HTMLElement, one: KpiValue): void {
  const [told] = reading(one.value, one.unit);
  const before = into.textContent;
  write(into, told);
  into.dataset["state"] = one.state ?? "";
  if (before !== "" && before !== told) flash(into);
}
