/** What the strips draw: their lines, which follow the cranes, and values of six hours, which follow the live feed. */

import { effect, signal, untracked } from "@preact/signals";
import type { Values } from "../../shared/charts/timeline.ts";
import { craneSide } from "../../shared/cranes/crane.ts";
import type { Session } from "../../shared/live/session.ts";
import { History } from "./history.ts";
import type { Trace } from "./traces.ts";

/** The charts move on at least so often. */
const TICK_MS = 5_000;

export type TracesOf = (terminal: string, cranes: readonly string[]) => Trace[];

export interface Drawn {
  lines: readonly Trace[];
  /** Start of each step. [s since 1970 UTC] */
  times: readonly number[];
  /** By line. */
  values: readonly Values[];
}

export class ChartFeed {
  /** By strip. */
  readonly drawn = signal<readonly Drawn[]>([]);
  readonly #session: Session;
  readonly #strips: readonly TracesOf[];
  readonly #tick = signal(0);
  #terminal = "";
  #shape = "";
  #snapshots = 0;
  #traces: readonly Trace[][] = [];
  #history: History | null = null;

  constructor(session: Session, strips: readonly TracesOf[]) {
    this.#session = session;
    this.#strips = strips;
  }

  /** Follow the session; returns what ends it. */
  follow(): () => void {
    const timer = window.setInterval(() => this.#tick.value++, TICK_MS);
    const end = effect(() => {
      const { data, terminal, snapshots } = this.#session;
      void [this.#tick.value, data.value.devices, data.value.kpis];
      this.#shapeFor(terminal.value);
      if (snapshots.value !== this.#snapshots) this.#history?.reread();
      this.#snapshots = snapshots.value;
      untracked(() => this.#update());
    });
    return () => {
      end();
      window.clearInterval(timer);
    };
  }

  #shapeFor(terminal: string): void {
    const data = this.#session.data.value;
    const cranes = data.ids("crane").filter((id) => craneSide(data, id) === "quay");
    const shape = `${terminal} ${cranes.join(" ")}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    if (terminal !== this.#terminal) this.#history = new History(terminal, () => this.#draw());
    this.#terminal = terminal;
    this.#traces = this.#strips.map((traces) => traces(terminal, cranes));
  }

  #update(): void {
    const data = this.#session.data.value;
    if (data.newest === null || this.#history === null) return;
    this.#history.update(data, this.#traces.flat(), data.newest);
    this.#draw();
  }

  #draw(): void {
    const history = this.#history;
    if (history === null) return;
    const times = history.times();
    this.drawn.value = this.#traces.map((lines) => ({ lines, times, values: history.values(lines) }));
  }
}
