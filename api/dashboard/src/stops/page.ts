/** Stops of the cranes, with their causes, to confirm or to change. */

import { ConfirmAll } from "./confirm-all.ts";
import { byCause } from "../explain/explanation.ts";
import { kindWord } from "../shared/cycles/cycle.ts";
import { h, write } from "../shared/dom/dom.ts";
import { byId, clock, fixed } from "../shared/format/figures.ts";
import { empty, failed, loading } from "../shared/notice/notice.ts";
import type { Picture } from "../shared/live/terminal-data.ts";
import { type Catalogue, Readings } from "../shared/kpis/readings.ts";
import { link, type Route } from "../shared/routing/route.ts";
import { StopRow } from "./row.ts";
import { allCauses, type Cause, confirmSince, keyOf, lengthMs, type Lost, standing, type Stop, stopsSince } from "./stop.ts";

const HOUR_MS = 3_600_000;
const SPANS_H = [4, 12, 24];
const SHIFT = "shift";
const REREAD_MS = 10_000;
const ALL = "";

type Place = Extract<Route, { view: "stops" }>;

export class StopsView {
  readonly #readings: Readings;
  readonly #crane = h("select", { "aria-label": "Crane" });
  readonly #span = h("select", { "aria-label": "How far back" }, h("option", { value: SHIFT }, "this shift"), ...SPANS_H.map((one) => h("option", { value: one, selected: one === 12 }, `last ${one} h`)));
  readonly #sums = h("ul", { class: "cause-sums", "aria-label": "Minutes of each cause" });
  readonly #notice = h("div", { class: "notice-place" });
  readonly #confirmAll: ConfirmAll;
  readonly #lost = h("ul", { class: "lost-edits", "aria-label": "Said of stops that are there no more" });
  readonly #shiftBegan: (terminal: string) => number | null;
  readonly #aside = h("p", { class: "aside", role: "status" });
  readonly #list = h("ul", { class: "stops" });
  #rows = new Map<string, StopRow>();
  #stops: Stop[] = [];
  #causes: Cause[] = [];
  #place: Place | null = null;
  #nowMs = Date.now();
  #timer = 0;
  #turn = 0;

  /** @param shiftBegan when a terminal's shift began, where the server tells it. */
  constructor(host: HTMLElement, catalogue: Catalogue, shiftBegan: (terminal: string) => number | null) {
    this.#shiftBegan = shiftBegan;
    this.#confirmAll = new ConfirmAll(
      (by) => confirmSince(this.#place!.terminal, this.#place!.device, this.#fromMs(), this.#nowMs, by),
      (confirmed) => {
        write(this.#aside, `${fixed(confirmed)} confirmed. Net rates follow within seconds.`);
        void this.#read();
      },
    );
    this.#readings = new Readings(catalogue, ["net_crane_rate", "gross_crane_rate"], ["PT1H", "shift"]);
    const tools = h("div", { class: "tools" }, this.#confirmAll.node, this.#crane, this.#span);
    host.append(
      h(
        "section",
        { class: "panel", "aria-labelledby": "stops-title" },
        h("div", { class: "panel-head" }, h("h2", { id: "stops-title" }, "Stops of cranes"), h("span", { class: "note" }, "UTC; a cause that you change counts within seconds"), tools),
        this.#readings.node,
        this.#aside,
        this.#notice,
        this.#sums,
        this.#lost,
        this.#list,
      ),
    );
    this.#crane.addEventListener("change", () => {
      if (this.#place !== null) location.hash = link({ ...this.#place, device: this.#crane.value === ALL ? null : this.#crane.value });
    });
    this.#span.addEventListener("change", () => this.#again());
  }

  show(place: Place): void {
    this.#place = place;
    this.#again();
  }

  hide(): void {
    window.clearTimeout(this.#timer);
    this.#turn++;
    this.#place = null;
  }

  render(picture: Picture, nowMs: number): void {
    if (this.#place === null) return;
    this.#nowMs = nowMs;
    this.#readings.render(picture, this.#place.terminal, this.#place.device ?? this.#place.terminal);
    this.#offer(picture.ids("crane").sort(byId), this.#place.device ?? ALL);
    for (const one of this.#stops) if (one.endedAt === null) this.#rows.get(keyOf(one))?.tell(one, nowMs);
  }

  #offer(ids: string[], chosen: string): void {
    const offered = `${chosen}/${ids.join(" ")}`;
    if (this.#crane.dataset["offered"] === offered) return;
    this.#crane.dataset["offered"] = offered;
    this.#crane.replaceChildren(h("option", { value: ALL }, "all cranes"), ...ids.map((id) => h("option", { value: id, selected: id === chosen }, id)));
  }

  #again(): void {
    this.#stops = [];
    this.#rows.clear();
    this.#list.replaceChildren();
    this.#sums.replaceChildren();
    this.#notice.replaceChildren(loading("stops"));
    void this.#read();
  }

  async #read(): Promise<void> {
    window.clearTimeout(this.#timer);
    const place = this.#place;
    if (place === null) return;
    const turn = ++this.#turn;
    if (this.#causes.length === 0) await this.#readCauses(place.terminal);
    const answer = await stopsSince(place.terminal, place.device, this.#fromMs());
    if (turn !== this.#turn) return;
    this.#timer = window.setTimeout(() => void this.#read(), REREAD_MS);
    if (answer.ok) {
      this.#tell(answer.value.stops);
      this.#lost.replaceChildren(...answer.value.lost.map(lostLine));
    } else if (this.#stops.length === 0) this.#notice.replaceChildren(failed("The stops cannot be read", answer.message, () => this.#again()));
    if (!answer.ok && this.#stops.length > 0) write(this.#aside, `Not up to date: ${answer.message}`);
    else if (this.#aside.textContent?.startsWith("Not")) write(this.#aside, "");
  }

  #fromMs(): number {
    const shift = this.#span.value === SHIFT ? this.#shiftBegan(this.#place?.terminal ?? "") : null;
    return shift ?? this.#nowMs - (Number(this.#span.value) || 8) * HOUR_MS;
  }

  async #readCauses(terminal: string): Promise<void> {
    const answer = await allCauses(terminal);
    if (answer.ok) this.#causes = answer.value;
  }

  #tell(stops: Stop[]): void {
    this.#stops = stops;
    const where = this.#place?.device ?? "the cranes";
    const none = empty(`No stops of ${where} in this time`, "A crane that is logged on and stands still for two minutes appears here, with the cause that its signals tell.");
    this.#notice.replaceChildren(...(stops.length === 0 ? [none] : []));
    this.#rows = new Map(stops.map((one) => [keyOf(one), this.#rows.get(keyOf(one)) ?? this.#row(one)]));
    for (const one of stops) this.#rows.get(keyOf(one))!.tell(one, this.#nowMs);
    this.#arrange([...this.#rows.values()].map((one) => one.node));
    this.#sum(stops);
    this.#confirmAll.tell(stops.filter((one) => one.endedAt !== null && standing(one) === "found").length);
  }

  /** Only where it differs: a node that is moved loses the cursor of someone who writes in it. */
  #arrange(nodes: HTMLElement[]): void {
    const same = nodes.length === this.#list.children.length && nodes.every((one, index) => this.#list.children[index] === one);
    if (same) return;
    const wanted = new Set<Element>(nodes);
    for (const one of [...this.#list.children]) if (!wanted.has(one)) one.remove();
    nodes.forEach((one, index) => {
      if (this.#list.children[index] !== one) this.#list.insertBefore(one, this.#list.children[index] ?? null);
    });
  }

  #row(one: Stop): StopRow {
    return new StopRow(one, () => this.#causes, (saved) => {
      this.#tell(this.#stops.map((other) => (keyOf(other) === keyOf(saved) ? saved : other)));
      write(this.#aside, "Saved. Net rates follow within seconds.");
    });
  }

  #sum(stops: readonly Stop[]): void {
    const sums = byCause(stops.map((one) => ({ cause: one.cause, minutes: lengthMs(one, this.#nowMs) / 60_000 })));
    const most = Math.max(...sums.map(([, minutes]) => minutes), 1);
    this.#sums.replaceChildren(
      ...sums.map(([cause, minutes]) => {
        const bar = h("span", { class: "bar", "aria-hidden": "true" });
        bar.style.width = `${Math.max(1, (minutes / most) * 100)}%`;
        return h("li", {}, h("span", { class: "name" }, kindWord(cause)), h("span", { class: "track" }, bar), h("b", {}, `${fixed(minutes)} min`));
      }),
    );
  }
}

/** Late samples changed when a stop began: what was said of it is kept, and to be said again. */
function lostLine(one: Lost): HTMLElement {
  const remark = one.remark === null ? "" : ` (${one.remark})`;
  return h("li", {}, `⚠ ${one.by} said "${kindWord(one.cause)}"${remark} of a stop of ${one.device} at ${clock(one.beganAt)} that is there no more: say it of the right one.`);
}
