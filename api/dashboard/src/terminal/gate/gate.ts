/** Gate lanes with their last event, and the trucks that left last. */

import { h, mark, write } from "../../shared/dom/dom.ts";
import type { Latest, Visit } from "../../shared/model/facts.ts";
import { figure, text } from "../../shared/api/fields.ts";
import { byId, clock, fixed, hourMinute, NOTHING } from "../../shared/format/figures.ts";
import type { Picture } from "../../shared/live/terminal-data.ts";

const EVENTS: Record<string, string> = {
  queue_enter: "joined queue",
  lane_enter: "in lane",
  ocr: "boxes read",
  rfid: "tag read",
  weigh: "weighed",
  kiosk: "at kiosk",
  trouble_start: "⚠ trouble",
  trouble_end: "trouble solved",
  barrier_open: "barrier open",
  lane_exit: "left lane",
};

/** A queue this long fills its bar. */
const LONG_QUEUE = 10;
const BAR_PX = 26;
const MOST_VISITS = 8;

interface Row {
  node: HTMLTableRowElement;
  plate: HTMLElement;
  event: HTMLElement;
  clock: HTMLElement;
  queue: HTMLElement;
  time: number;
}

export class Gate {
  readonly #lanes = h("tbody");
  readonly #visits = h("tbody");
  readonly #tables = h("div");
  readonly #empty = h("p", { class: "empty" }, "No gate events yet");
  #rows = new Map<string, Row>();

  constructor(host: HTMLElement) {
    const head = (...names: string[]): HTMLElement =>
      h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));
    host.append(this.#empty, this.#tables);
    this.#tables.append(
      h("table", { class: "lanes" }, h("caption", { class: "unseen" }, "Gate lanes"), head("Lane", "Last truck", "Event", "UTC", "Queue"), this.#lanes),
      h("h3", {}, "Last trucks out"),
      h("table", { class: "visits" }, h("caption", { class: "unseen" }, "Last trucks out"), head("Plate", "In", "Out", "Turn, min"), this.#visits),
    );
  }

  render(picture: Picture): void {
    const ids = picture.ids("gate").sort(byId);
    this.#empty.hidden = ids.length > 0;
    this.#tables.hidden = ids.length === 0;
    if (ids.join(" ") !== [...this.#rows.keys()].join(" ")) {
      this.#rows = new Map(ids.map((id) => [id, this.#rows.get(id) ?? row(id)]));
      this.#lanes.replaceChildren(...[...this.#rows.values()].map((one) => one.node));
    }
    for (const [id, one] of this.#rows) tell(one, picture.sample("gate", id), picture.device("gate", id)?.online === false);
    const left = picture.visits.filter((one) => one.leftAt !== null).slice(0, MOST_VISITS);
    this.#visits.replaceChildren(...left.map(visit));
  }
}

function row(id: string): Row {
  const [plate, event, time, queue] = [h("td"), h("td"), h("td"), h("td")] as const;
  const node = h("tr", {}, h("th", { scope: "row" }, id), plate, event, time, queue);
  return { node, plate, event, clock: time, queue, time: 0 };
}

function tell(into: Row, sample: Latest | undefined, offline: boolean): void {
  const code = text(sample?.signals["event"]);
  write(into.plate, text(sample?.signals["plate"]) ?? NOTHING);
  write(into.event, offline ? "✕ offline" : code === null ? NOTHING : (EVENTS[code] ?? code));
  write(into.clock, clock(sample?.time ?? null));
  mark(into.node, "data-event", offline ? "offline" : (code ?? ""));
  const length = figure(sample?.signals["queue_length"]);
  if (into.queue.dataset["length"] !== String(length)) {
    into.queue.dataset["length"] = String(length);
    into.queue.replaceChildren(bar(length ?? 0), fixed(length));
  }
  if (sample !== undefined && into.time !== sample.time) {
    if (into.time !== 0) flash(into.node);
    into.time = sample.time;
  }
}

function bar(length: number): HTMLElement {
  const drawn = h("span", { class: "bar", "aria-hidden": "true" });
  drawn.style.width = `${Math.min(1, length / LONG_QUEUE) * BAR_PX}px`;
  return drawn;
}

/** Let a row light up once. */
export function flash(node: HTMLElement): void {
  node.classList.remove("fresh");
  void node.offsetWidth; // a new run of the animation needs a layout in between
  node.classList.add("fresh");
}

function visit(one: Visit): HTMLElement {
  const stay = one.enteredAt === null || one.leftAt === null ? null : (one.leftAt - one.enteredAt) / 60_000;
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, one.plate ?? one.visit),
    h("td", {}, hourMinute(one.enteredAt)),
    h("td", {}, hourMinute(one.leftAt)),
    h("td", {}, fixed(stay, 1)),
  );
}
