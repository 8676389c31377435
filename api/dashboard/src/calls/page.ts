/** Vessel calls of a terminal: how far each is, and what is wrong with what was told of it. */

import { CallCard } from "./card.ts";
import { type Call, callsOf } from "./call.ts";
import { h, write } from "../shared/dom/dom.ts";
import { empty, failed, loading } from "../shared/notice/notice.ts";
import type { Picture } from "../shared/live/terminal-data.ts";
import type { Catalogue } from "../shared/kpis/readings.ts";
import type { Route } from "../shared/routing/route.ts";

const REREAD_MS = 15_000;

type Place = Extract<Route, { view: "calls" }>;

export class CallsView {
  readonly #catalogue: Catalogue;
  readonly #zone: (terminal: string) => string | null;
  readonly #notice = h("div", { class: "notice-place" });
  readonly #aside = h("p", { class: "aside", role: "status" });
  readonly #list = h("div", { class: "calls" });
  #cards = new Map<string, CallCard>();
  #place: Place | null = null;
  #timer = 0;
  #turn = 0;

  /** @param zone a terminal's time zone, where the server tells it. */
  constructor(host: HTMLElement, catalogue: Catalogue, zone: (terminal: string) => string | null) {
    this.#catalogue = catalogue;
    this.#zone = zone;
    const head = h("div", { class: "panel-head" }, h("h2", { id: "calls-title" }, "Vessel calls"), h("span", { class: "note" }, "UTC, beside it the terminal's own time"));
    host.append(h("section", { class: "panel", "aria-labelledby": "calls-title" }, head, this.#aside, this.#notice, this.#list));
  }

  show(place: Place): void {
    this.#place = place;
    this.#cards.clear();
    this.#list.replaceChildren();
    this.#notice.replaceChildren(loading("vessel calls"));
    void this.#read();
  }

  hide(): void {
    window.clearTimeout(this.#timer);
    this.#turn++;
    this.#place = null;
  }

  render(picture: Picture, nowMs: number): void {
    if (this.#place === null) return;
    const zone = this.#zone(this.#place.terminal);
    for (const one of this.#cards.values()) one.render(picture, zone, nowMs);
  }

  async #read(): Promise<void> {
    window.clearTimeout(this.#timer);
    const place = this.#place;
    if (place === null) return;
    const turn = ++this.#turn;
    const answer = await callsOf(place.terminal);
    if (turn !== this.#turn) return;
    this.#timer = window.setTimeout(() => void this.#read(), REREAD_MS);
    if (answer.ok) this.#tell(answer.value, place);
    else if (this.#cards.size === 0) this.#notice.replaceChildren(failed("The vessel calls cannot be read", answer.message, () => this.show(place)));
    write(this.#aside, answer.ok || this.#cards.size === 0 ? "" : `Not up to date: ${answer.message}`);
  }

  #tell(calls: Call[], place: Place): void {
    const topic = h("code", {}, `port/${place.terminal}/vessel/<call id>/call`);
    const route = h("code", {}, `PUT /api/v1/calls/${place.terminal}/<call id>`);
    const none = empty("No vessel calls yet", "Tell one as a retained message to ", topic, " or by ", route, ". Until then cranes have rates, and vessels have none.");
    this.#notice.replaceChildren(...(calls.length === 0 ? [none] : []));
    const cards = new Map(calls.map((one) => [one.id, this.#cards.get(one.id) ?? new CallCard(this.#catalogue)]));
    for (const one of calls) cards.get(one.id)!.tell(one, one.id === place.call);
    const order = [...cards.keys()].join(" ");
    const fresh = order !== [...this.#cards.keys()].join(" ");
    this.#cards = cards;
    if (!fresh) return;
    this.#list.replaceChildren(...[...cards.values()].map((one) => one.node));
    if (place.call !== null) cards.get(place.call)?.node.scrollIntoView({ block: "start" });
  }
}
