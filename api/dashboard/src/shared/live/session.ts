/** The terminal that the page shows, its live feed, and what is read beside it. */

import { signal } from "@preact/signals";
import { fields } from "../api/fields.ts";
import type * as api from "../api/schema.ts";
import type { Catalogue } from "../model/kpi.ts";
import type { Quarantine } from "../model/quarantine.ts";
import type { Terminal } from "../model/terminal.ts";
import type { Router } from "../routing/router.ts";
import { type Connection, LiveFeed } from "./connection.ts";
import * as reads from "./reads.ts";
import { TerminalData } from "./terminal-data.ts";

/** Frames that come closer together are drawn in one go. [ms] */
const DRAW_MS = 120;
const NO_QUARANTINE: Quarantine = { newest: [], byReason: [] };

export class Session {
  /** Id of the terminal; "" while there is none. */
  readonly terminal = signal("");
  readonly data = signal(new TerminalData());
  readonly connection = signal<Connection>({ state: "connecting" });
  /** Terminals as last listed. */
  readonly terminals = signal<readonly Terminal[]>([]);
  readonly catalogue = signal<Catalogue>(new Map());
  readonly quarantine = signal(NO_QUARANTINE);
  /** Snapshots so far: each of them replaces all before. */
  readonly snapshots = signal(0);
  readonly router: Router;
  /** This machine's clock, once a second. [ms since 1970 UTC] */
  readonly #clockMs = signal(Date.now());
  #feed: LiveFeed | null = null;
  #frames: unknown[] = [];
  #timer = 0;

  constructor(router: Router) {
    this.router = router;
    window.setInterval(() => (this.#clockMs.value = Date.now()), 1_000);
  }

  /** The server's clock; what reads it is drawn each second. [ms since 1970 UTC] */
  get nowMs(): number {
    void this.#clockMs.value;
    return this.exactNowMs;
  }

  /** The server's clock; nothing is drawn because of it alone. [ms since 1970 UTC] */
  get exactNowMs(): number {
    return Date.now() + this.data.peek().clockOffsetMs;
  }

  /** The terminal's own entry in the list of terminals. */
  get listed(): Terminal | undefined {
    return this.terminals.value.find((one) => one.terminal === this.terminal.value);
  }

  /** Whether the list of terminals was read, and there is none yet. */
  get none(): boolean {
    return this.terminal.value === "" && this.connection.value.state === "connected";
  }

  /** Show another terminal, on the page that is shown. */
  open(terminal: string): void {
    this.#feed?.stop();
    this.#frames = [];
    const first = this.terminal.peek() === "";
    this.terminal.value = terminal;
    this.data.value = new TerminalData();
    this.quarantine.value = NO_QUARANTINE;
    const url = new URL(location.href);
    url.searchParams.set("terminal", terminal);
    window.history.replaceState(null, "", url);
    this.#feed = new LiveFeed(terminal, (frame) => this.#queue(frame), (connection) => (this.connection.value = connection));
    const named = this.router.terminal;
    if (!first && named !== null && named !== terminal) this.router.moveTo(terminal);
    else this.router.follow();
  }

  /** Show what the link in the address means, also where it leads to another terminal. */
  followLink(): void {
    const [named, current] = [this.router.terminal, this.terminal.peek()];
    if (current === "") return;
    if (named !== null && named !== current) this.open(named);
    else this.router.follow();
  }

  /** Read the definitions of KPIs, where that has not been done. */
  async readCatalogue(): Promise<void> {
    if (this.catalogue.peek().size > 0) return;
    const found = await reads.catalogue();
    if (found !== null && found.length > 0) this.catalogue.value = new Map(found.map((one) => [one.id, one]));
  }

  /** Read the KPI values of a window, which the live feed does not bring. */
  async readWindow(window: "shift" | "all"): Promise<void> {
    const data = this.data.peek();
    const found = await reads.kpiValues(this.terminal.peek(), window);
    if (found === null || data !== this.data.peek()) return;
    data.addKpis(found);
    if (window === "all") data.allWindows = true;
  }

  async readQuarantine(): Promise<void> {
    const data = this.data.peek();
    const found = await reads.quarantine(this.terminal.peek(), 6);
    if (found !== null && data === this.data.peek()) this.quarantine.value = found;
  }

  #queue(frame: unknown): void {
    this.#frames.push(frame);
    if (isSnapshot(frame)) this.#applyFrames();
    else if (this.#timer === 0) this.#timer = window.setTimeout(() => this.#applyFrames(), DRAW_MS);
  }

  #applyFrames(): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    const frames = this.#frames.splice(0);
    const data = this.data.peek();
    const nowMs = Date.now();
    for (const frame of frames) data.apply(frame, nowMs);
    if (frames.some(isSnapshot)) this.#afterSnapshot(data);
  }

  /** A snapshot is enough to draw; lists that it does not carry are read beside it. */
  #afterSnapshot(data: TerminalData): void {
    this.snapshots.value++;
    const terminal = this.terminal.peek();
    const add = <T>(rows: Promise<T[] | null>, merge: (rows: T[]) => void): void => {
      void rows.then((found) => {
        if (found !== null && data === this.data.peek()) merge(found);
      });
    };
    add(reads.moves(terminal, 60), (rows) => data.addMoves(rows));
    add(reads.visits(terminal, 40), (rows) => data.addVisits(rows));
    add(reads.excursions(terminal, 1_000), (rows) => data.addExcursions(rows));
    void this.readCatalogue();
  }
}

function isSnapshot(frame: unknown): boolean {
  return fields<api.Snapshot>(frame).type === "snapshot";
}
