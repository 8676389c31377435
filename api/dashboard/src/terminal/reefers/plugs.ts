/** The grid of reefer plugs and the list of excursions. */

import { h, mark } from "../../shared/dom/dom.ts";
import type { Excursion } from "../../shared/model/facts.ts";
import { byId, degrees, duration, fixed, hourMinute, hours, NOTHING } from "../../shared/format/figures.ts";
import type { Picture } from "../../shared/live/terminal-data.ts";
import { type Reefer, reefer, STATE_NAMES, STATES } from "./reefer.ts";
import { explain, type Line } from "../../shared/tooltip/tooltip.ts";

const SMALLEST = 7;
const LARGEST = 32;
/** Squares this large have room for the plug's id. */
const NAMED = 29;
const MOST_EXCURSIONS = 40;

export class Plugs {
  readonly #legend: HTMLElement;
  readonly #grid = h("div", { class: "plugs", role: "group", "aria-label": "Reefers; arrow keys move from one to the next" });
  readonly #excursions = h("tbody");
  readonly #none = h("p", { class: "empty" }, "No excursions");
  readonly #noPlugs = h("p", { class: "empty" }, "No reefers yet");
  #reefers = new Map<string, Reefer>();
  #cells = new Map<string, HTMLElement>();
  #order: string[] = [];
  #size = 0;
  #nowMs = 0;

  constructor(host: HTMLElement, legend: HTMLElement) {
    this.#legend = legend;
    const head = ["Plug", "Container", "Since", "For h", "Set °C", "Δ °C"].map((name) => h("th", { scope: "col" }, name));
    const list = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Reefer excursions" });
    list.append(
      h("table", { class: "excursions" }, h("caption", { class: "unseen" }, "Reefer excursions"), h("thead", {}, h("tr", {}, ...head)), this.#excursions),
      this.#none,
    );
    host.append(this.#noPlugs, this.#grid, h("h3", {}, "Excursions"), list);
    explain(this.#grid, "[data-plug]", (target) => this.#lines(target.getAttribute("data-plug") ?? ""));
    this.#grid.addEventListener("keydown", (event) => this.#travel(event));
  }

  render(picture: Picture, nowMs: number): void {
    this.#nowMs = nowMs;
    const open = new Map(picture.excursions.filter((one) => one.endedAt === null).map((one) => [one.device, one]));
    const ids = picture.ids("reefer").sort(byId);
    if (ids.length !== this.#order.length || ids.some((id, index) => id !== this.#order[index])) this.#make(ids);
    for (const id of ids) {
      const interval = picture.intervals.get(`reefer/${id}`) ?? 0;
      const one = reefer(id, picture.device("reefer", id), picture.sample("reefer", id), open.get(id), interval, nowMs);
      this.#reefers.set(id, one);
      const cell = this.#cells.get(id)!;
      if (cell.dataset["state"] !== one.state) {
        cell.dataset["state"] = one.state;
        mark(cell, "aria-label", `${id} ${STATE_NAMES[one.state]}`);
      }
    }
    this.#fit(ids.length);
    this.#tellLegend();
    const shown = picture.excursions.slice(0, MOST_EXCURSIONS);
    this.#none.hidden = shown.length > 0;
    this.#excursions.replaceChildren(...shown.map((one) => line(one, nowMs)));
  }

  #make(ids: string[]): void {
    this.#order = ids;
    this.#cells = new Map(ids.map((id) => [id, this.#cells.get(id) ?? h("span", { class: "plug", "data-plug": id, role: "img", tabindex: -1 }, h("span", { "aria-hidden": "true" }, id))]));
    this.#reefers.clear();
    this.#grid.replaceChildren(...this.#cells.values());
    this.#noPlugs.hidden = ids.length > 0;
    this.#grid.firstElementChild?.setAttribute("tabindex", "0");
  }

  /** Squares as large as the room allows. */
  #fit(count: number): void {
    const { clientWidth: width, clientHeight: height } = this.#grid;
    const held = (size: number): number => Math.floor((width + gap(size)) / (size + gap(size))) * Math.floor((height + gap(size)) / (size + gap(size)));
    let size = LARGEST;
    while (size > SMALLEST && held(size) < count) size -= 1;
    if (size === this.#size) return;
    this.#size = size;
    this.#grid.style.setProperty("--plug", `${size}px`);
    this.#grid.classList.toggle("named", size >= NAMED);
    this.#grid.style.setProperty("--gap", `${gap(size)}px`);
  }

  #tellLegend(): void {
    const counts = new Map(STATES.map((state) => [state, 0]));
    for (const one of this.#reefers.values()) counts.set(one.state, (counts.get(one.state) ?? 0) + 1);
    const text = [...counts].join();
    if (this.#legend.dataset["counts"] === text) return;
    this.#legend.dataset["counts"] = text;
    this.#legend.replaceChildren(
      ...[...counts].map(([state, count]) =>
        h("li", {}, h("span", { class: "plug", "data-state": state, "aria-hidden": "true" }), h("b", {}, fixed(count)), ` ${STATE_NAMES[state]}`),
      ),
    );
  }

  #travel(event: KeyboardEvent): void {
    const columns = Math.max(1, Math.floor((this.#grid.clientWidth + gap(this.#size)) / (this.#size + gap(this.#size))));
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const step = steps[event.key];
    if (step === undefined || !(event.target instanceof HTMLElement)) return;
    event.preventDefault();
    const from = this.#order.indexOf(event.target.dataset["plug"] ?? "");
    const to = this.#cells.get(this.#order[from + step] ?? "");
    if (to === undefined) return;
    event.target.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }

  #lines(id: string): Line[] | null {
    const one = this.#reefers.get(id);
    if (one === undefined) return null;
    return [
      `${id} · ${one.container ?? "no container"}`,
      ["State", STATE_NAMES[one.state] + (one.since === null ? "" : `, since ${hourMinute(one.since)} UTC`)],
      ["Setpoint", `${fixed(one.setpoint, 1)} °C`],
      ["Supply air", `${fixed(one.supply, 1)} °C`],
      ["Return air", `${fixed(one.back, 1)} °C`],
      ["Mode", one.mode ?? NOTHING],
      ...(one.alarms.length > 0 ? [["Alarms", one.alarms.join(", ")] as [string, string]] : []),
      ["Last sample", one.time === null ? NOTHING : `${duration(this.#nowMs - one.time)} ago`],
    ];
  }
}

/** Small squares stand closer. */
function gap(size: number): number {
  return size < 10 ? 1 : 2;
}

function line(one: Excursion, nowMs: number): HTMLElement {
  const open = one.endedAt === null;
  return h(
    "tr",
    { "data-open": open },
    h("th", { scope: "row" }, `${open ? "▲ " : "✓ "}${one.device}`),
    h("td", {}, one.container ?? NOTHING),
    h("td", {}, hourMinute(one.beganAt)),
    h("td", {}, hours((one.endedAt ?? nowMs) - one.beganAt)),
    h("td", {}, fixed(one.setpointDegc, 1)),
    h("td", {}, degrees(one.worstDegc)),
  );
}
