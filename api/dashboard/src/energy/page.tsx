/** What the terminal takes from the grid, its peaks, its CO2, and how much of it for each box, move and trip. */

import { useMemo } from "preact/hooks";
import { fixed } from "../shared/format/numbers.ts";
import { zoneTitle } from "../shared/format/shown-zone.ts";
import { moment } from "../shared/format/times.ts";
import { Readings } from "../shared/kpis/readings.tsx";
import { Empty } from "../shared/notice/notice.tsx";
import { SpannedPanel } from "../shared/span/spanned-panel.tsx";
import { type PageSpan, useSpan, useSpanned } from "../shared/span/use-span.ts";
import { EnergyChart, UNITS } from "./chart.tsx";
import { type Energy, energyOf, KINDS, type Shown, SHOWN, total } from "./energy.ts";
import { PowerNow } from "./power-now.tsx";
import { type EnergyRoute, energyRoute } from "./route.ts";
import { KindTable, PeakTable, PerUnitTable, RackTable } from "./tables.tsx";

const LIVE_MS = 24 * 3_600_000;
const REREAD_MS = 15_000;
const NAMES: Record<Shown, string> = { energy: "Energy", co2: "CO2", peak: "Peak power" };
const KPIS = ["energy_used", "energy_peak", "co2", "energy_per_box", "co2_per_box", "energy_per_move", "vehicle_energy_per_trip", "energy_per_reefer_hour"];

export function EnergyPage({ route }: { route: EnergyRoute }) {
  const { terminal } = route;
  const span = useSpan(route, LIVE_MS);
  const shown = useSpanned(span, {
    read: (bounds) => energyOf(terminal, bounds),
    isEmpty: ({ steps }) => steps.length === 0,
    everyMs: REREAD_MS,
    inputs: [terminal],
  });
  const empty = (
    <Empty title="No energy in this time">
      A quarter of an hour is there once it has ended: cranes report an energy counter, reefers and chargers their power.
    </Empty>
  );
  return (
    <SpannedPanel id="energy-title" title="Energy and CO2" shown={shown} what="energy" picker above={span.live ? <Live terminal={terminal} /> : null} empty={empty} tools={<Choice route={route} />}>
      {(energy) => <Body energy={energy} span={span} route={route} />}
    </SpannedPanel>
  );
}

function Live({ terminal }: { terminal: string }) {
  return (
    <>
      <PowerNow />
      <Readings subject={terminal} kpis={KPIS} windows={["PT1H", "shift"]} />
      <p class="note">Sums, chart and tables: the last 24 hours.</p>
    </>
  );
}

function shownOf({ of }: EnergyRoute): Shown {
  return SHOWN.find((one) => one === of) ?? "energy";
}

/** What the chart shows; it stands in the link. */
function Choice({ route }: { route: EnergyRoute }) {
  return (
    <nav class="choice" aria-label="What the chart shows">
      {SHOWN.map((one) => (
        <a key={one} class="chip" href={energyRoute.link({ ...route, of: one === "energy" ? null : one })} aria-current={one === shownOf(route) ? "page" : undefined}>
          {NAMES[one]}
        </a>
      ))}
    </nav>
  );
}

function Body({ energy, span, route }: { energy: Energy; span: PageSpan; route: EnergyRoute }) {
  // While live the chart ends where its data were read.
  const bounds = useMemo(() => span.bounds(), [energy, span.key]);
  const shown = shownOf(route);
  return (
    <>
      <Sums energy={energy} />
      <div class="energy-head">
        <h3>{`${NAMES[shown]}, ${UNITS[shown]} ${shown === "peak" ? "of the largest quarter of an hour" : ""} in steps of ${stepName(energy.stepMs)}, ${zoneTitle()}`}</h3>
        <Legend shown={shown} />
      </div>
      <EnergyChart energy={energy} bounds={bounds} shown={shown} />
      {shown === "co2" && !energy.grid ? <p class="note">CO2 is not known for all of it: the site file has no grid factor (grid, kg_co2_per_kwh) for this time.</p> : null}
      <div class="energy-tables">
        <KindTable energy={energy} />
        <PerUnitTable rows={energy.perUnit} />
        <PeakTable peaks={energy.peaks} />
        <RackTable racks={energy.racks} terminal={route.terminal} />
      </div>
    </>
  );
}

function Sums({ energy }: { energy: Energy }) {
  const { energyKwh, co2Kg } = total(energy.kinds);
  const peak = energy.peaks[0];
  return (
    <ul class="energy-sums">
      <li>
        <span class="name">Energy</span>
        <b>{fixed(energyKwh)}</b> kWh
      </li>
      <li>
        <span class="name">CO2</span>
        <b>{fixed(co2Kg)}</b> kg
      </li>
      <li>
        <span class="name">Peak power</span>
        <b>{fixed(peak?.powerKw)}</b> kW <span class="note">{peak === undefined ? "" : `from ${moment(peak.beganAt)}`}</span>
      </li>
    </ul>
  );
}

function Legend({ shown }: { shown: Shown }) {
  if (shown === "peak") return null;
  return (
    <ul class="legend">
      {KINDS.map(({ id, name, colour }) => (
        <li key={id}>
          <span class="swatch" aria-hidden="true" style={{ "--colour": `var(${colour})` }} />
          {name}
        </li>
      ))}
    </ul>
  );
}

function stepName(stepMs: number): string {
  return stepMs < 3_600_000 ? "a quarter of an hour" : stepMs < 86_400_000 ? "an hour" : "a day of the terminal";
}
