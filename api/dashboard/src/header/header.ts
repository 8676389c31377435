/** The head of the page: terminal, connection, event time and how far it is behind. */

import { h, write } from "../shared/dom/dom.ts";
import { clock, day, duration, NOTHING } from "../shared/format/figures.ts";
import type { Connection } from "../shared/live/connection.ts";
import type { Picture } from "../shared/live/terminal-data.ts";

/** Live data is this young: a sample a second, stored, polled and sent. [ms] */
const LIVE_MS = 5_000;

/** What the age of the newest event time is called. */
export function lag(behindMs: number): string {
  return behindMs < LIVE_MS ? "live" : `${duration(behindMs)} behind`;
}

export class Header {
  readonly #terminal: HTMLElement;
  readonly #connection: HTMLElement;
  readonly #retry: HTMLElement;
  readonly #clock: HTMLElement;
  readonly #day: HTMLElement;
  readonly #lag: HTMLElement;
  readonly #choose: (terminal: string) => void;
  #listed = "";
  #link: Connection = { state: "connecting" };

  constructor(host: HTMLElement, choose: (terminal: string) => void) {
    this.#choose = choose;
    this.#terminal = h("div", { class: "terminal" });
    this.#connection = h("span", { class: "connection", role: "status", "aria-live": "polite" });
    this.#retry = h("span", { class: "retry" });
    this.#clock = h("b", { class: "clock" });
    this.#day = h("span", { class: "day" });
    this.#lag = h("span", { class: "lag" });
    host.append(
      this.#terminal,
      h("div", { class: "time", title: "Event time: the newest time any device told" }, this.#lag, this.#day, this.#clock, h("span", { class: "zone" }, "UTC")),
      h("div", { class: "link" }, this.#connection, this.#retry),
    );
  }

  /** Offer the terminals there are; with one there is nothing to choose. */
  list(terminals: string[], chosen: string): void {
    const listed = `${chosen} of ${terminals.join(" ")}`;
    if (listed === this.#listed) return;
    this.#listed = listed;
    if (terminals.length < 2) {
      this.#terminal.replaceChildren(h("span", { class: "unseen" }, "Terminal "), h("b", {}, chosen || "no terminal yet"));
      return;
    }
    const select = h("select", { "aria-label": "Terminal" }, ...terminals.map((one) => h("option", { value: one, selected: one === chosen }, one)));
    select.addEventListener("change", () => this.#choose(select.value));
    this.#terminal.replaceChildren(select);
  }

  connection(link: Connection): void {
    this.#link = link;
    const words = { connecting: "Connecting…", connected: "Connected", waiting: "Disconnected – retrying" };
    // A first quick retry is no news for someone who listens to the page.
    write(this.#connection, words[link.state]);
    this.#connection.dataset["state"] = link.state;
  }

  render(picture: Picture, nowMs: number): void {
    const newest = picture.newest;
    write(this.#clock, clock(newest));
    write(this.#day, newest === null ? "" : day(newest));
    write(this.#lag, newest === null ? "no data yet" : lag(nowMs - newest));
    this.#lag.dataset["state"] = newest === null ? "none" : nowMs - newest < LIVE_MS ? "live" : "behind";
    const untilMs = this.#link.state === "waiting" ? this.#link.untilMs - Date.now() : 0;
    write(this.#retry, untilMs > 0 ? `in ${Math.ceil(untilMs / 1000)} s` : "");
    document.title = newest === null ? "quaystream" : `${this.#connection.dataset["state"] === "connected" ? "" : "✕ "}quaystream ${clock(newest) || NOTHING}`;
  }
}
