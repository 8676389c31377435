/** The panel that tells what a KPI value is made of: formula, numbers, moves, time that was taken off. */

import { h } from "../shared/dom/dom.ts";
import { counted, counts, notCounted, stopped, visits } from "./lists.ts";
import { type Explanation, explanationOf, type KpiPlace, notYet, stateWords, type Term } from "./explanation.ts";
import { dayMinute, fixed, hourMinute, reading, windowWord } from "../shared/format/figures.ts";
import { empty, failed, loading } from "../shared/notice/notice.ts";
import type { Picture } from "../shared/live/terminal-data.ts";
import type { Catalogue } from "../shared/kpis/readings.ts";
import { kpiLink, link } from "../shared/routing/route.ts";
import { kindsOf, windowsFor } from "../shared/kpis/subjects.ts";

export class ExplainPanel {
  readonly #dialog: HTMLDialogElement;
  readonly #head = h("header", { class: "explain-head" });
  readonly #body = h("div", { class: "explain-body", tabindex: 0, role: "region", "aria-label": "What the value is made of" });
  readonly #catalogue: Catalogue;
  #place: KpiPlace | null = null;
  #found: Explanation | null = null;
  #windows: string[] = [];
  #clockAhead = 0;
  #turn = 0;

  /** @param closed the person closed it: the page shows what was there before. */
  constructor(catalogue: Catalogue, closed: () => void) {
    this.#catalogue = catalogue;
    this.#dialog = h("dialog", { class: "explain", tabindex: -1, "aria-labelledby": "explain-title" }, this.#head, this.#body);
    this.#dialog.addEventListener("close", () => {
      if (this.#place !== null) closed();
    });
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close(); // beside the panel
    });
    document.body.append(this.#dialog);
  }

  show(place: KpiPlace, picture: Picture): void {
    this.#place = place;
    this.#found = null;
    this.#know(place, picture);
    if (!this.#dialog.open) {
      this.#dialog.showModal();
      this.#dialog.focus();
    }
    void this.#read();
  }

  /** Devices and catalogue may come after a link was opened: the windows follow. */
  render(picture: Picture): void {
    if (this.#place !== null && this.#know(this.#place, picture)) this.#title(this.#place);
  }

  /** Whether values of all windows must be read to tell what is explained: a call or a berth. */
  lacksWindows(picture: Picture): boolean {
    return this.#place !== null && kindsOf(this.#place.subject, this.#place.terminal, picture) === null;
  }

  /** @returns whether the windows to choose from have changed. */
  #know(place: KpiPlace, picture: Picture): boolean {
    const before = this.#windows.join();
    const kinds = kindsOf(place.subject, place.terminal, picture);
    this.#windows = kinds === null ? [] : windowsFor(this.#catalogue.get(place.kpi), kinds);
    this.#clockAhead = picture.clockAhead;
    return this.#windows.join() !== before;
  }

  hide(): void {
    this.#place = null;
    this.#turn++;
    if (this.#dialog.open) this.#dialog.close();
  }

  async #read(): Promise<void> {
    const place = this.#place;
    if (place === null) return;
    const turn = ++this.#turn;
    this.#title(place);
    this.#body.replaceChildren(loading("what it is made of"));
    let answer = await explanationOf(place);
    if (turn !== this.#turn) return;
    const early = !answer.ok && notYet(answer.status, place.at, Date.now() + this.#clockAhead);
    if (early) answer = await explanationOf({ ...place, at: null });
    if (turn !== this.#turn) return;
    if (answer.ok) {
      this.#found = answer.value;
      this.#title(place);
      const note = early ? [h("p", { class: "state-words", role: "status" }, `${dayMinute(place.at)} UTC has not come yet: this is the value now.`)] : [];
      this.#body.replaceChildren(...note, ...parts(place, answer.value));
    } else this.#body.replaceChildren(...this.#refused(place, answer.status, answer.message));
  }

  #refused(place: KpiPlace, status: number, message: string): HTMLElement[] {
    const known = this.#known(place);
    const { terminal, kpi, subject, window } = place;
    const now = place.at === null ? [] : [h("p", { class: "links" }, h("a", { href: kpiLink(terminal, kpi, subject, window) }, "As it is now"))];
    const told =
      status === 404 && known !== null ? empty("No list of facts for this one", message)
      : status === 400 ? empty("There is no such value", message)
      : failed("This value cannot be explained now", message, () => void this.#read());
    return [told, ...now, ...(known === null ? [] : [known])];
  }

  #title(place: KpiPlace): void {
    const found = this.#found;
    const close = h("button", { type: "button", class: "close", "aria-label": "Close" }, "✕");
    close.addEventListener("click", () => this.#dialog.close());
    const title = found?.title ?? this.#catalogue.get(place.kpi)?.title ?? place.kpi.replaceAll("_", " ");
    const chosen = found?.window ?? place.window ?? this.#windows[0] ?? null;
    const windows = this.#windows.length < 2 ? [] : this.#windows.map((one) => this.#windowLink(place, one, chosen));
    this.#head.replaceChildren(
      h("div", {}, h("h2", { id: "explain-title" }, title), h("p", { class: "note" }, place.subject, ...windowNote(found))),
      close,
      ...(windows.length === 0 ? [] : [h("nav", { class: "windows", "aria-label": "Window" }, ...windows)]),
    );
  }

  #windowLink(place: KpiPlace, window: string, chosen: string | null): HTMLElement {
    const href = link({ ...place, window, at: null });
    return h("a", { href, class: "chip", "aria-current": window === chosen ? "true" : null }, windowWord(window));
  }

  /** Definition from the catalogue: there for every KPI. */
  #known(place: KpiPlace): HTMLElement | null {
    const info = this.#catalogue.get(place.kpi);
    if (info === undefined) return null;
    return h("div", {}, h("p", { class: "definition" }, info.description), h("h3", {}, "Formula"), h("p", { class: "formula" }, info.formula), h("h3", {}, "Source"), h("p", {}, info.source));
  }
}

function windowNote(found: Explanation | null): string[] {
  if (found === null) return [];
  if (found.beginMs === null || found.beginMs === found.endMs) return [` · ${windowWord(found.window)}, ${dayMinute(found.endMs)} UTC`];
  return [` · ${windowWord(found.window)}, ${dayMinute(found.beginMs)}–${hourMinute(found.endMs)} UTC`];
}

function parts(place: KpiPlace, found: Explanation): HTMLElement[] {
  const fixedLink = link({ ...place, window: found.window || place.window, at: found.endMs });
  const state = stateWords(found.state);
  const [value, unit] = reading(found.value, found.unit);
  return [
    h(
      "p",
      { class: "explained-value" },
      h("b", {}, value),
      ` ${unit} `,
      found.state === null ? null : h("span", { class: "badge", "data-state": found.state, title: state }, found.state === "final" ? "✓ final" : "◐ provisional"),
    ),
    ...(found.definition === "" ? [] : [h("p", { class: "definition" }, found.definition)]),
    h("h3", {}, "Formula"),
    h("p", { class: "formula" }, found.formula),
    ...(found.filled === "" ? [] : [h("p", { class: "filled" }, found.filled)]),
    ...(found.terms.length === 0 ? [] : [terms(found)]),
    ...(state === "" ? [] : [h("p", { class: "state-words" }, state)]),
    ...(counts(found) ? [counted(place.terminal, found.counted, found.leftOff)] : []),
    ...notCounted(place.terminal, found.notCounted),
    ...stopped("Time excluded", found.excluded),
    ...stopped("Stops counted", found.stops),
    ...visits(found.visits),
    h("h3", {}, "Source of the definition"),
    h("p", {}, found.source),
    h("p", { class: "links" }, h("a", { href: fixedLink }, "Link to exactly this value"), " · ", h("a", { href: kpiLink(place.terminal, place.kpi, place.subject, found.window || place.window) }, "As it is now")),
  ];
}

function terms(found: Explanation): HTMLElement {
  return h(
    "dl",
    { class: "terms" },
    ...found.terms.map((one) => h("div", { "data-term": one.name }, h("dt", {}, one.label), h("dd", {}, ...termWords(one)))),
  );
}

function termWords(one: Term): (HTMLElement | string)[] {
  if (one.name === "window_end_s") return [h("b", {}, `${dayMinute(one.value === null ? null : one.value * 1000)} UTC`)];
  return [h("b", {}, exact(one.value)), one.unit === "" ? "" : ` ${one.unit}`];
}

/** As many decimals as a person needs to do the sum again. */
function exact(value: number | null): string {
  return value === null ? fixed(null) : fixed(value, Number.isInteger(value) ? 0 : 3);
}
