/** Stops of the cranes, with their causes, to confirm or to change. */

import { byCause } from "./explanation.ts";
import { kindWord } from "./cycles.ts";
import { h, write } from "./dom.ts";
import { byId, fixed } from "./figures.ts";
import { empty, failed, loading } from "./notice.ts";
import type { Picture } from "./picture.ts";
import { type Catalogue, Readings } from "./readings.ts";
import { link, type Route } from "./route.ts";
import { StopRow } from "./stoprow.ts";
import { allCauses, type Cause, keyOf, lengthMs, type Stop, stopsSince } from "./stops.ts";

const HOUR_MS = 3_600_000;
const SPANS_H = [4, 12, 24];
const REREAD_MS = 10_000;
const ALL = "";

type Place = Extract<Route, { view: "stops" }>;

export class StopsView {
  readonly #readings: Readings;
  readonly #crane = h("select", { "aria-label": "Crane" });
  readonly #span = h("select", { "aria-label": "How far back" }, ...SPANS_H.map((one) => h("option", { value: one, selected: one === 12 }, `last ${one} h`)));
  readonly #sums = h("ul", { class: "cause-sums", "aria-label": "Minutes of each cause" });
  readonly #notice = h("div", { class: "notice-place" });
  readonly #aside = h("p", { class: "aside", role: "status" });
  readonly #list = h("ul", { class: "stops" });
  #rows = new Map<string, StopRow>();
  #stops: Stop[] = [];
  #causes: Cause[] = [];
  #place: Place | null = null;
  #nowMs = Date.now();
  #timer = 0;
  #turn = 0;

  constructor(host: HTMLElement, catalogue: Catalogue) {
    this.#readings = new Readings(catalogue, ["net_crane_rate", "gross_crane_rate"], ["PT1H", "shift"]);
    const tools = h("div", { class: "tools" }, this.#crane, this.#span);
    host.append(
      h(
        "section",
        { class: "panel", "aria-labelledby": "stops-title" },
        h("div", { class: "panel-head" }, h("h2", { id: "stops-title" }, "Stops of cranes"), h("span", { class: "note" }, "UTC; a cause that you change counts within seconds"), tools),
        this.#readings.node,
        this.#aside,
        this.#notice,
        this.#sums,
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
    if (this.#causes.length === 0) await this.#readCauses();
    const answer = await stopsSince(place.terminal, place.device, this.#nowMs - Number(this.#span.value) * HOUR_MS);
    if (turn !== this.#turn) return;
    this.#timer = window.setTimeout(() => void this.#read(), REREAD_MS);
    if (answer.ok) this.#tell(answer.value);
    else if (this.#stops.length === 0) this.#notice.replaceChildren(failed("The stops cannot be read", answer.message, () => this.#again()));
    write(this.#aside, answer.ok || this.#stops.length === 0 ? "" : `Not up to date: ${answer.message}`);
  }

  async #readCauses(): Promise<void> {
    const answer = await allCauses();
    if (answer.ok) this.#causes = answer.value;
  }

  #tell(stops: Stop[]): void {
    this.#stops = stops;
    const where = this.#place?.device ?? "the cranes";
    const none = empty(`No stops of ${where} in the last ${this.#span.value} h`, "A crane that is logged on and stands still for two minutes appears here, with the cause that its signals tell.");
    this.#notice.replaceChildren(...(stops.length === 0 ? [none] : []));
    this.#rows = new Map(stops.map((one) => [keyOf(one), this.#rows.get(keyOf(one)) ?? this.#row(one)]));
    for (const one of stops) this.#rows.get(keyOf(one))!.tell(one, this.#nowMs);
    this.#arrange([...this.#rows.values()].map((one) => one.node));
    this.#sum(stops);
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
