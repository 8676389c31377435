/** The gate: queue and trucks inside over time, turn times, lanes, and who is inside. */

import { zoneTitle } from "../shared/format/shown-zone.ts";
import { Readings } from "../shared/kpis/readings.tsx";
import { Empty } from "../shared/notice/notice.tsx";
import { SpannedPanel } from "../shared/span/spanned-panel.tsx";
import { useSpan, useSpanned } from "../shared/span/use-span.ts";
import { Course } from "./course.tsx";
import { Inside } from "./inside.tsx";
import { LaneTrucks } from "./lane-trucks.tsx";
import { Lanes } from "./lanes.tsx";
import { type GateRead, MOST, readGate } from "./requests.ts";
import { type GateRoute, gateRoute } from "./route.ts";
import { TurnTimes } from "./turn-times.tsx";
import { VisitDetail } from "./visit-detail.tsx";

/** How much of the past the page shows while it is live. */
const LIVE_MS = 12 * 3_600_000;
const REREAD_MS = 10_000;
const KPIS = ["trucks_in_terminal", "gate_queue_length", "truck_turn_time_median", "truck_turn_time_p90", "appointment_on_time_share", "appointment_no_show_share"];
const WINDOWS = ["now", "PT1H"];

export function GatePage({ route }: { route: GateRoute }) {
  const { terminal } = route;
  const span = useSpan(route, LIVE_MS);
  const shown = useSpanned(span, {
    read: (bounds) => readGate(terminal, bounds),
    isEmpty: ({ transactions, visits }) => transactions.length + visits.length === 0,
    everyMs: REREAD_MS,
    inputs: [terminal],
  });
  const above = (
    <>
      {span.live ? <Readings subject={terminal} kpis={KPIS} windows={WINDOWS} /> : null}
      <p class="note">{`Times in ${zoneTitle()}.`}{span.live ? " Charts and tables: the last 12 hours." : ""}</p>
    </>
  );
  return (
    <SpannedPanel id="gate-page-title" title="Gate" shown={shown} what="gate" picker above={above} empty={<NoTrucks />}>
      {(read) => <Parts route={route} read={read} live={span.live} />}
    </SpannedPanel>
  );
}

function Parts({ route, read, live }: { route: GateRoute; read: GateRead; live: boolean }) {
  const { bounds, transactions, visits, queue, inside } = read;
  return (
    <div class="gate-page">
      {transactions.length === MOST || visits.length === MOST ? <p class="note">More than {MOST} trucks: the newest are counted. Choose a shorter span.</p> : null}
      {route.lane === null ? null : <OfLane route={route} lane={route.lane} read={read} />}
      <Course title="Trucks waiting before the lanes" points={queue} bounds={bounds} />
      <Course title="Trucks inside" points={inside} bounds={bounds} />
      <TurnTimes visits={visits} bounds={bounds} />
      <Lanes route={route} transactions={transactions} live={live} />
      <Inside route={route} visits={visits} bounds={bounds} live={live} />
    </div>
  );
}

/** What the link names: a lane, and perhaps one of its trucks. */
function OfLane({ route, lane, read }: { route: GateRoute; lane: string; read: GateRead }) {
  return (
    <div class="of-lane">
      <p class="note">
        <a href={gateRoute.link({ ...route, lane: null, arrived: null })}>← all lanes</a>
      </p>
      {route.arrived === null ? null : <VisitDetail terminal={route.terminal} lane={lane} arrived={route.arrived} />}
      <LaneTrucks route={route} lane={lane} transactions={read.transactions} />
    </div>
  );
}

function NoTrucks() {
  return <Empty title="No trucks in this time">They appear here with the first event of a gate lane.</Empty>;
}
