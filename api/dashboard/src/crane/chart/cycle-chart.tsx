/** Cycles over time: lanes and raw signals on one time axis; a cycle or a span can be looked at closer. */

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Side } from "../../shared/cranes/crane.ts";
import { NOTHING } from "../../shared/format/numbers.ts";
import { clock, zoneAt } from "../../shared/format/times.ts";
import { type Cycle, cycleAt, PHASE_NAMES, PHASES, type Span } from "../cycle.ts";
import { known, type Trace, valueAt } from "../signals/trace.ts";
import { CycleLane, PhaseLane, RunLane } from "./lanes.tsx";
import type { Signal, View } from "./signal-canvas.ts";
import { SignalPlot } from "./signal-plot.tsx";

const TROLLEY = "trolley_position_m";
const SIGNALS: readonly Signal[] = [
  { name: "hoist_height_m", title: "Hoist height", unit: "m", colour: "--series-1", level: 0, times: false },
  { name: TROLLEY, title: "Trolley position", unit: "m", colour: "--series-5", level: 0, times: false },
  { name: "load_t", title: "Load", unit: "t", colour: "--series-4", level: 0, times: true },
];

interface Properties {
  view: View;
  /** Quay cranes reach over the ship, yard cranes do not. */
  side: Side;
  choose: (cycle: Cycle) => void;
  zoom: (span: Span) => void;
}

export function CycleChart({ view, side, choose, zoom }: Properties) {
  const cursor = useSignal<number | null>(null);
  useEffect(() => {
    cursor.value = null;
  }, [view]);
  const listener = {
    point: (ms: number | null) => (cursor.value = ms),
    pick: zoom,
    click: (ms: number) => {
      const found = cycleAt(view.cycles, ms);
      if (found !== null) choose(found.cycle);
    },
  };
  return (
    <div class="cycle-chart">
      <div class="chart-head">
        <Legend />
        <Readout view={view} cursor={cursor} />
      </div>
      <CycleLane view={view} choose={choose} />
      <PhaseLane view={view} />
      {SIGNALS.map((signal) => (
        <SignalPlot
          key={signal.name}
          signal={signal}
          view={view}
          sides={signal.name === TROLLEY && side === "quay" ? "↑ ship · ↓ land" : ""}
          cursor={cursor}
          listener={listener}
        />
      ))}
      <RunLane name="locked" signal="twistlock_locked" view={view} />
      <RunLane name="landed" signal="landed" view={view} />
    </div>
  );
}

/** Whether there is anything to draw. */
export function drawable(trace: Trace): boolean {
  return SIGNALS.some((signal) => known(trace, signal.name));
}

function Legend() {
  return (
    <ul class="legend phase-legend" aria-label="Phases of a cycle">
      {PHASES.map((name) => (
        <li>
          <span class="phase" data-phase={name} aria-hidden="true" />
          {PHASE_NAMES[name]}
        </li>
      ))}
      <li>
        <span class="phase wait" aria-hidden="true" />
        waits
      </li>
      <li>
        <em>* %</em> partly not seen, confidence
      </li>
    </ul>
  );
}

/** Time, cycle and phase under the cursor. */
function Readout({ view, cursor }: { view: View; cursor: ReadonlySignal<number | null> }) {
  const ms = cursor.value;
  return (
    <p class="readout" aria-hidden="true">
      {ms === null ? "" : readoutText(view, ms)}
    </p>
  );
}

function readoutText({ trace, cycles }: View, ms: number): string {
  const here = cycleAt(cycles, ms);
  const inside = here === null ? "between cycles" : `cycle ${cycles.indexOf(here.cycle) + 1}, ${here.phase === null ? NOTHING : PHASE_NAMES[here.phase.phase]}`;
  const flags = [["twistlock_locked", "locked"], ["landed", "landed"]] as const;
  const on = flags.filter(([name]) => valueAt(trace, name, ms) === 1).map(([, word]) => word);
  return [`${clock(ms)} ${zoneAt(ms)}`, inside, ...on].join(" · ");
}
