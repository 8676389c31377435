/** Cycles of one crane: head with tools, KPI values, chart, table. */

import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { craneSide } from "../shared/cranes/crane.ts";
import { dayMinute, hourMinute, zoneAt } from "../shared/format/times.ts";
import { Readings } from "../shared/kpis/readings.tsx";
import { useSession, useTerminalData } from "../shared/live/context.ts";
import { CycleChart } from "./chart/cycle-chart.tsx";
import type { View } from "./chart/signal-canvas.ts";
import { CycleBrowser } from "./cycle-browser.ts";
import { CycleTable } from "./cycle-table.tsx";
import { CycleNotice } from "./cycle-notice.tsx";
import { waits } from "./signals/waits.ts";

const KPIS = ["gross_crane_rate", "net_crane_rate", "boxes", "median_cycle_time", "twin_ratio", "utilisation"];
const WINDOWS = ["PT1H", "shift"];
const NO_SPAN = { beginMs: 0, endMs: 1 };

interface Properties {
  terminal: string;
  device: string;
  lockedAt: number | null;
}

export function Cycles({ terminal, device, lockedAt }: Properties) {
  const browser = useMemo(() => new CycleBrowser(terminal, device), []);
  useEffect(() => browser.show(lockedAt), [lockedAt]);
  useNewMoves(browser, device);
  useEscape(browser);
  useSignalEffect(() => {
    const span = browser.span.value;
    if (span !== null) void browser.readTrace(span);
  });
  const missing = lockedAt !== null && browser.status.value === "read" && browser.cycles.value.length > 0 && browser.chosen.value === null && browser.lockedAt.value === lockedAt;
  return (
    <section class="panel" aria-label="Cycles">
      <Headline browser={browser} device={device} />
      <Readings subject={device} kpis={KPIS} windows={WINDOWS} />
      <p class="aside" role="status">
        {missing ? "The cycle of this link is not there any more: moves were made again from samples. These are its neighbours." : ""}
      </p>
      <div class="notice-place">
        <CycleNotice browser={browser} device={device} />
      </div>
      <Drawn browser={browser} terminal={terminal} device={device} />
    </section>
  );
}

/** A new cycle joins the last ones by itself. */
function useNewMoves(browser: CycleBrowser, device: string): void {
  const session = useSession();
  useSignalEffect(() => {
    void session.nowMs; // a cycle that cannot be read yet is read a second later
    const newest = session.data.value.moves.find((one) => one.device === device);
    if (newest !== undefined) browser.follow(newest.unlockedAt);
  });
}

function useEscape(browser: CycleBrowser): void {
  useEffect(() => {
    const escape = (event: KeyboardEvent): void => {
      const closer = browser.chosen.peek() !== null || browser.zoom.peek() !== null;
      if (event.key === "Escape" && closer && document.querySelector("dialog[open]") === null) browser.reset();
    };
    document.addEventListener("keydown", escape);
    return () => document.removeEventListener("keydown", escape);
  }, []);
}

function Headline({ browser, device }: { browser: CycleBrowser; device: string }) {
  const cycles = browser.cycles.value;
  const chosen = browser.chosen.value;
  const [first, last] = [cycles[0], cycles.at(-1)];
  const newest = browser.before.value === null;
  const count = cycles.length === 10 || cycles.length === 0 ? "ten" : String(cycles.length);
  const title = chosen === null ? `${newest || first === undefined ? "Last " : ""}${count} cycles of ${device}` : `Cycle ${cycles.indexOf(chosen) + 1} of ${device}`;
  return (
    <div class="panel-head">
      <h2>{title}</h2>
      <span class="note">{first === undefined || last === undefined ? "" : `${dayMinute(first.beginMs)}–${hourMinute(last.endMs)} ${zoneAt(last.endMs)}`}</span>
      <div class="tools">
        <button type="button" onClick={() => browser.page(first?.endMs ?? null)}>
          ◀ Earlier ten
        </button>
        <button type="button" hidden={newest && browser.lockedAt.value === null} onClick={() => browser.page(null)}>
          Last ten
        </button>
        <button type="button" hidden={chosen === null && browser.zoom.value === null} onClick={() => browser.reset()}>
          Show all
        </button>
      </div>
    </div>
  );
}

function Drawn({ browser, terminal, device }: { browser: CycleBrowser; terminal: string; device: string }) {
  const [cycles, chosen, trace, span] = [browser.cycles.value, browser.chosen.value, browser.trace.value, browser.span.value ?? NO_SPAN];
  const found = useMemo(() => waits(trace, cycles), [trace, cycles]);
  const view: View = useMemo(() => ({ trace, cycles, waits: found, chosen, span }), [trace, cycles, found, chosen, span]);
  const side = craneSide(useTerminalData(), device);
  return (
    <div class="drawn" hidden={cycles.length === 0 || browser.status.value !== "read"}>
      <CycleChart view={view} side={side} choose={(cycle) => browser.goTo(cycle === chosen ? null : cycle)} zoom={(picked) => (browser.zoom.value = picked)} />
      <div class="scroll cycle-table" tabIndex={0} role="region" aria-label="Cycles">
        <CycleTable terminal={terminal} cycles={cycles} chosen={chosen} />
      </div>
    </div>
  );
}
