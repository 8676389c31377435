/** The three chart strips: crane rates, trucks, reefers. Six hours from history, then live. */

import { onScheme } from "../../shared/charts/axes.ts";
import { sideOf } from "../../shared/cranes/crane.ts";
import { byId } from "../../shared/format/figures.ts";
import type { Picture } from "../../shared/live/terminal-data.ts";
import * as rest from "../../shared/api/rest.ts";
import { type Line, Strip } from "./strip.ts";
import { Timeline } from "../../shared/charts/timeline.ts";

const STEP_MS = 60_000;
const SPAN_MS = 6 * 3_600_000;
/** Boxes an hour that a crane may well do, with twin lifts. */
const PLAUSIBLE_RATE = 60;
/** Late data changes the past: read it again now and then. */
const REREAD_MS = 5 * 60_000;
const AT_ONCE = 4;
const CRANE_COLOURS = 8;

const PLAIN = { dash: [], width: 1.5, stepped: false, right: false };

interface Trace extends Line {
  kpi: string;
  subject: string;
}

const key = (trace: Trace): string => `${trace.kpi}/${trace.subject}`;

export class Charts {
  readonly #timeline = new Timeline(STEP_MS, SPAN_MS);
  readonly #strips: [strip: Strip, traces: (terminal: string, cranes: string[]) => Trace[]][];
  #traces: Trace[][] = [];
  #terminal = "";
  #shape = "";
  #read = new Set<string>();
  #readMs = 0;

  constructor(rates: HTMLElement, trucks: HTMLElement, reefers: HTMLElement) {
    this.#strips = [
      [new Strip(rates, "Gross crane rate, boxes/h", { left: "", right: "", zero: false, plausible: PLAUSIBLE_RATE, times: false }), rateTraces],
      [new Strip(trucks, "Trucks: turn time and queue", { left: "min", right: "trucks", zero: true, plausible: null, times: false }), truckTraces],
      [new Strip(reefers, "Reefers", { left: "", right: "", zero: true, plausible: null, times: true }), reeferTraces],
    ];
    onScheme(() => {
      for (const [strip] of this.#strips) strip.rebuild();
    });
  }

  /** Read history again: after a reconnect, or for another terminal. */
  reread(): void {
    this.#read.clear();
  }

  render(picture: Picture, terminal: string): void {
    if (terminal !== this.#terminal) {
      this.#terminal = terminal;
      this.#timeline.clear();
      this.#shape = "";
      this.reread();
    }
    const now = picture.newest;
    if (now === null) return;
    this.#shapeFor(picture, terminal);
    if (this.#timeline.advance(now) || now - this.#readMs > REREAD_MS) this.reread();
    for (const trace of this.#traces.flat()) {
      const value = picture.kpi(trace.kpi, trace.subject);
      if (value !== undefined) this.#timeline.put(key(trace), Math.max(value.time ?? now, this.#timeline.lastMs), value.value);
    }
    this.#draw();
    void this.#readHistory(terminal, now);
  }

  #shapeFor(picture: Picture, terminal: string): void {
    const cranes = picture
      .ids("crane")
      .filter((id) => sideOf(id, picture.device("crane", id)?.type ?? null) === "quay")
      .sort(byId);
    const shape = `${terminal} ${cranes.join(" ")}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#traces = this.#strips.map(([, traces]) => traces(terminal, cranes));
    for (const trace of this.#traces.flat()) this.#timeline.add(key(trace));
    this.#strips.forEach(([strip], index) => strip.shape(this.#traces[index]!));
  }

  #draw(): void {
    const times = this.#timeline.times();
    this.#strips.forEach(([strip], index) => {
      strip.draw(times, this.#traces[index]!.map((trace) => this.#timeline.values(key(trace))));
    });
  }

  async #readHistory(terminal: string, now: number): Promise<void> {
    const missing = this.#traces.flat().filter((trace) => !this.#read.has(key(trace)));
    if (missing.length === 0) return;
    for (const trace of missing) this.#read.add(key(trace));
    this.#readMs = now;
    const one = async (): Promise<void> => {
      for (let trace = missing.shift(); trace !== undefined; trace = missing.shift()) {
        const points = await rest.history(terminal, trace.kpi, trace.subject, now - SPAN_MS, now + STEP_MS, STEP_MS / 1000);
        if (terminal !== this.#terminal) return;
        if (points === null) this.#forgetLater(key(trace));
        else this.#timeline.fill(key(trace), points);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    if (terminal === this.#terminal) this.#draw();
  }

  /** A failed read is tried again, but not at once. */
  #forgetLater(name: string): void {
    window.setTimeout(() => this.#read.delete(name), 5_000);
  }
}

function rateTraces(terminal: string, cranes: string[]): Trace[] {
  const trace = { ...PLAIN, kpi: "gross_crane_rate", decimals: 1 };
  const each = cranes.map((id, index) => ({
    ...trace,
    subject: id,
    label: id,
    colour: `--series-${(index % CRANE_COLOURS) + 1}`,
    dash: index % 2 === 1 ? [5, 3] : [],
  }));
  return [...each, { ...trace, subject: terminal, label: "terminal", colour: "--text", width: 2.5 }];
}

function truckTraces(terminal: string): Trace[] {
  const trace = { ...PLAIN, subject: terminal, decimals: 1 };
  return [
    { ...trace, kpi: "truck_turn_time_median", label: "median", colour: "--series-1", width: 2 },
    { ...trace, kpi: "truck_turn_time_p90", label: "p90", colour: "--series-3", dash: [5, 3] },
    { ...trace, kpi: "gate_queue_length", label: "queue", colour: "--series-2", stepped: true, decimals: 0, right: true },
  ];
}

function reeferTraces(terminal: string): Trace[] {
  const trace = { ...PLAIN, subject: terminal, decimals: 0, stepped: true, width: 2 };
  return [
    { ...trace, kpi: "reefers_out_of_range", label: "out of range", colour: "--alarm" },
    { ...trace, kpi: "reefers_unpowered", label: "unpowered", colour: "--warn", dash: [5, 3] },
  ];
}
