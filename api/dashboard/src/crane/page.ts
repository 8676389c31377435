/** The page of one crane: its last ten cycles, drawn and listed. */

import { CycleChart, drawable, view } from "./chart/cycle-chart.ts";
import { cyclesAround, cyclesBefore, traceOf } from "./reads.ts";
import type { Cycle, Span } from "../shared/cycles/cycle.ts";
import { cycleTable } from "./table.ts";
import { sideOf } from "../shared/cranes/crane.ts";
import { h, write } from "../shared/dom/dom.ts";
import { dayMinute, hourMinute } from "../shared/format/figures.ts";
import { CraneChoice } from "./crane-choice.ts";
import { empty, failed, loading } from "../shared/notice/notice.ts";
import type { Picture } from "../shared/live/terminal-data.ts";
import { type Catalogue, Readings } from "../shared/kpis/readings.ts";
import { cycleLink, type Route } from "../shared/routing/route.ts";
import { NO_TRACE } from "./signals/trace.ts";

const KPIS = ["gross_crane_rate", "net_crane_rate", "boxes", "median_cycle_time", "twin_ratio", "utilisation"];
const WINDOWS = ["PT1H", "shift"];

type Place = Extract<Route, { view: "crane" }>;

export class CraneView {
  readonly #choice: CraneChoice;
  readonly #readings: Readings;
  readonly #title = h("h2");
  readonly #span = h("span", { class: "note" });
  readonly #notice = h("div", { class: "notice-place" });
  readonly #aside = h("p", { class: "aside", role: "status" });
  readonly #drawn = h("div", { class: "drawn" });
  readonly #table = h("div", { class: "scroll cycle-table", tabindex: 0, role: "region", "aria-label": "Cycles" });
  readonly #chart: CycleChart;
  readonly #whole = button("Show all", () => this.#letGo());
  readonly #earlier = button("◀ Earlier ten", () => this.#page(this.#cycles[0]?.endMs ?? null));
  readonly #newest = button("Last ten", () => this.#page(null));
  #place: Place | null = null;
  #cycles: Cycle[] = [];
  #chosen: Cycle | null = null;
  #looked: Span | null = null;
  #before: number | null = null;
  #turn = 0;
  #busy = false;
  #tracing = 0;

  constructor(host: HTMLElement, catalogue: Catalogue) {
    this.#choice = new CraneChoice((device) => cycleLink(this.#place?.terminal ?? "", device, null));
    this.#readings = new Readings(catalogue, KPIS, WINDOWS);
    this.#chart = new CycleChart(
      (cycle) => this.#goTo(cycle === this.#chosen ? null : cycle),
      (span) => void this.#look(span),
    );
    const tools = h("div", { class: "tools" }, this.#earlier, this.#newest, this.#whole);
    this.#drawn.append(this.#chart.node, this.#table);
    host.append(
      this.#choice.node,
      h("section", { class: "panel", "aria-label": "Cycles" }, h("div", { class: "panel-head" }, this.#title, this.#span, tools), this.#readings.node, this.#aside, this.#notice, this.#drawn),
    );
    document.addEventListener("keydown", (event) => {
      const seen = !host.hidden && document.querySelector("dialog[open]") === null;
      if (event.key === "Escape" && seen && (this.#chosen !== null || this.#looked !== null)) this.#letGo();
    });
  }

  async show(place: Place): Promise<void> {
    const before = this.#place;
    this.#place = place;
    this.#looked = null;
    if (place.device === null) return;
    const same = before?.terminal === place.terminal && before.device === place.device;
    const found = this.#cycles.find((one) => one.move.lockedAt === place.lockedAt);
    if (same && this.#cycles.length > 0 && (place.lockedAt === null || found !== undefined)) {
      await this.#choose(found ?? null);
      return;
    }
    this.#before = null;
    this.#clear();
    await this.#read();
  }

  render(picture: Picture): void {
    const place = this.#place;
    if (place === null) return;
    this.#choice.render(picture, place.device);
    if (place.device === null) {
      this.#chooseFirst();
      return;
    }
    this.#chart.side(sideOf(place.device, picture.device("crane", place.device)?.type ?? null));
    this.#readings.render(picture, place.terminal, place.device);
    const newest = picture.moves.find((one) => one.device === place.device);
    const shown = this.#cycles.at(-1)?.endMs ?? null;
    const following = this.#before === null && this.#chosen === null && this.#looked === null && !this.#busy;
    if (following && newest !== undefined && newest.unlockedAt > (shown ?? 0) && !document.hidden) void this.#read();
  }

  /** Nobody told which crane: the first there is. */
  #chooseFirst(): void {
    const first = this.#choice.first;
    if (first !== null && this.#place !== null) location.replace(cycleLink(this.#place.terminal, first, null));
    else this.#notice.replaceChildren(empty("No cranes yet", "Publish a sample to ", h("code", {}, `port/${this.#place?.terminal ?? "demo"}/crane/<id>/telemetry`), " and the crane appears here."));
  }

  #clear(): void {
    this.#cycles = [];
    this.#chosen = null;
    this.#drawn.hidden = true;
    write(this.#aside, "");
    write(this.#title, `Last ten cycles of ${this.#place?.device}`);
    write(this.#span, "");
    this.#notice.replaceChildren(loading("cycles"));
  }

  async #read(): Promise<void> {
    const place = this.#place;
    if (place === null || place.device === null) return;
    const turn = ++this.#turn;
    this.#busy = true;
    const { terminal, device, lockedAt } = place;
    const answer = lockedAt === null ? await cyclesBefore(terminal, device, this.#before) : await cyclesAround(terminal, device, lockedAt);
    if (turn !== this.#turn) return;
    this.#busy = false;
    if (!answer.ok) {
      this.#drawn.hidden = true;
      this.#notice.replaceChildren(failed(`The cycles of ${device} cannot be read`, answer.message, () => void this.#read()));
      return;
    }
    if (answer.value.length === 0) {
      this.#none(device);
      return;
    }
    this.#cycles = answer.value;
    this.#drawn.hidden = false;
    this.#notice.replaceChildren();
    this.#chart.cycles(this.#cycles);
    const chosen = this.#cycles.find((one) => one.move.lockedAt === lockedAt) ?? null;
    write(this.#aside, lockedAt !== null && chosen === null ? "The cycle of this link is not there any more: moves were made again from samples. These are its neighbours." : "");
    await this.#choose(chosen);
  }

  #none(device: string): void {
    this.#drawn.hidden = true;
    const advice = "A cycle is lock, lift, land, unlock: it appears here seconds after the unlock. See Data health for what this crane sends.";
    this.#notice.replaceChildren(empty(`${device} has no ${this.#before === null ? "cycles yet" : "earlier cycles"}`, advice));
  }

  async #choose(chosen: Cycle | null): Promise<void> {
    this.#chosen = chosen;
    const span = this.#looked ?? view(this.#cycles, chosen);
    if (span === null || this.#place === null) return;
    this.#headline(chosen);
    this.#table.replaceChildren(cycleTable(this.#place.terminal, this.#cycles, chosen));
    this.#chart.show(span, chosen);
    await this.#trace(span);
  }

  async #trace(span: Span): Promise<void> {
    const place = this.#place;
    if (place === null || place.device === null) return;
    const turn = ++this.#tracing;
    const answer = await traceOf(place.terminal, place.device, span);
    if (turn !== this.#tracing) return;
    if (!answer.ok) {
      this.#notice.replaceChildren(failed("The raw signals cannot be read", answer.message, () => void this.#trace(span)));
      this.#chart.trace(NO_TRACE);
      return;
    }
    this.#chart.trace(answer.value);
    const bare = empty("No raw samples of this span", "They may be older than the samples that are kept; the phases below remain.");
    this.#notice.replaceChildren(...(drawable(answer.value) ? [] : [bare]));
  }

  #headline(chosen: Cycle | null): void {
    const [first, last] = [this.#cycles[0]!, this.#cycles.at(-1)!];
    const count = this.#cycles.length === 10 ? "ten" : String(this.#cycles.length);
    write(this.#title, chosen === null ? `${this.#before === null ? "Last " : ""}${count} cycles of ${this.#place?.device}` : `Cycle ${this.#cycles.indexOf(chosen) + 1} of ${this.#place?.device}`);
    write(this.#span, `${dayMinute(first.beginMs)}–${hourMinute(last.endMs)} UTC`);
    this.#whole.hidden = chosen === null && this.#looked === null;
    this.#newest.hidden = this.#before === null && this.#place?.lockedAt === null;
  }

  async #look(span: Span): Promise<void> {
    this.#looked = span;
    await this.#choose(this.#chosen);
  }

  #letGo(): void {
    this.#looked = null;
    if (this.#place?.lockedAt != null) this.#goTo(null);
    else void this.#choose(null);
  }

  #goTo(cycle: Cycle | null): void {
    const place = this.#place;
    if (place !== null && place.device !== null) location.hash = cycleLink(place.terminal, place.device, cycle?.move.lockedAt ?? null);
  }

  #page(before: number | null): void {
    this.#before = before;
    this.#looked = null;
    if (this.#place !== null) this.#place = { ...this.#place, lockedAt: null };
    if (this.#place?.device) history.replaceState(null, "", cycleLink(this.#place.terminal, this.#place.device, null));
    this.#clear();
    void this.#read();
  }
}

function button(words: string, act: () => void): HTMLButtonElement {
  const node = h("button", { type: "button" }, words);
  node.addEventListener("click", act);
  return node;
}
