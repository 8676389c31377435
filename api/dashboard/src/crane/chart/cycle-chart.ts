/** Cycles over time: lanes and raw signals on one time axis; a cycle or a span can be looked at closer. */

import { onScheme } from "../../shared/charts/axes.ts";
import { at, type Cycle, extent, PHASE_WORDS, PHASES, type Span } from "../../shared/cycles/cycle.ts";
import type { Side } from "../../shared/cranes/crane.ts";
import { h, write } from "../../shared/dom/dom.ts";
import { clock, NOTHING } from "../../shared/format/figures.ts";
import { Lanes } from "./lanes.ts";
import { type Signal, SignalPlot } from "./signal-plot.ts";
import { waits } from "../signals/waits.ts";
import { known, NO_TRACE, type Trace, valueAt } from "../signals/trace.ts";

const SIGNALS: Signal[] = [
  { name: "hoist_height_m", title: "Hoist height", unit: "m", colour: "--series-1", level: 0, times: false },
  { name: "trolley_position_m", title: "Trolley position", unit: "m", colour: "--series-5", level: 0, times: false },
  { name: "load_t", title: "Load", unit: "t", colour: "--series-4", level: 0, times: true },
];

export class CycleChart {
  readonly node: HTMLElement;
  readonly #readout = h("p", { class: "readout", "aria-hidden": "true" });
  readonly #plots: SignalPlot[];
  readonly #lanes: Lanes;
  readonly #look: (span: Span) => void;
  #cycles: Cycle[] = [];
  #chosen: Cycle | null = null;
  #trace: Trace = NO_TRACE;
  #waits: Span[] = [];
  #span: Span = { beginMs: 0, endMs: 1 };

  /** @param choose a cycle was chosen; the same again lets it go. @param look a span was drawn with the mouse. */
  constructor(choose: (cycle: Cycle) => void, look: (span: Span) => void) {
    this.#look = look;
    this.#lanes = new Lanes(choose);
    const listener = {
      point: (ms: number | null) => this.#tell(ms),
      pick: (span: Span) => this.#look(span),
      click: (ms: number) => {
        const found = at(this.#cycles, ms);
        if (found !== null) choose(found.cycle);
      },
    };
    this.#plots = SIGNALS.map((signal) => new SignalPlot(signal, listener));
    const legend = h(
      "ul",
      { class: "legend phase-legend", "aria-label": "Phases of a cycle" },
      ...PHASES.map((name) => h("li", {}, h("span", { class: "phase", "data-phase": name, "aria-hidden": "true" }), PHASE_WORDS[name])),
      h("li", {}, h("span", { class: "phase wait", "aria-hidden": "true" }), "waits"),
      h("li", {}, h("em", {}, "* %"), " partly not seen, confidence"),
    );
    this.node = h(
      "div",
      { class: "cycle-chart" },
      h("div", { class: "chart-head" }, legend, this.#readout),
      ...this.#lanes.above,
      ...this.#plots.map((one) => one.node),
      ...this.#lanes.below,
    );
    onScheme(() => {
      for (const one of this.#plots) one.rebuild();
    });
  }

  cycles(cycles: Cycle[]): void {
    this.#cycles = cycles;
    this.#lanes.fill(cycles);
  }

  trace(trace: Trace): void {
    this.#trace = trace;
    this.#waits = waits(trace, this.#cycles);
    this.#lanes.trace(trace, this.#waits);
    this.#draw();
  }

  /** Quay cranes reach over the ship, yard cranes do not. */
  side(side: Side): void {
    this.#plots[1]!.say(side === "quay" ? "↑ ship · ↓ land" : "");
  }

  /** Show a span; with a chosen cycle marked. */
  show(span: Span, chosen: Cycle | null): void {
    this.#span = span;
    this.#chosen = chosen;
    this.#draw();
  }

  #draw(): void {
    this.#lanes.settle(this.#span, this.#chosen === null ? -1 : this.#cycles.indexOf(this.#chosen));
    for (const one of this.#plots) one.draw(this.#trace, this.#cycles, this.#waits, this.#chosen, this.#span);
    this.#tell(null);
  }

  #tell(ms: number | null): void {
    for (const one of this.#plots) one.tell(ms);
    if (ms === null) {
      write(this.#readout, "");
      return;
    }
    const here = at(this.#cycles, ms);
    const inside = here === null ? "between cycles" : `cycle ${this.#cycles.indexOf(here.cycle) + 1}, ${here.phase === null ? NOTHING : PHASE_WORDS[here.phase.phase]}`;
    const flags = [["twistlock_locked", "locked"], ["landed", "landed"]] as const;
    const on = flags.filter(([name]) => valueAt(this.#trace, name, ms) === 1).map(([, word]) => word);
    write(this.#readout, [`${clock(ms)} UTC`, inside, ...on].join(" · "));
  }
}

/** Whether there is anything to draw. */
export function drawable(trace: Trace): boolean {
  return SIGNALS.some((signal) => known(trace, signal.name));
}

/** What to show of some cycles: all of them, or one with a little of its neighbours. */
export function view(cycles: readonly Cycle[], chosen: Cycle | null): Span | null {
  return chosen === null ? extent(cycles) : extent([chosen], 0.08);
}
