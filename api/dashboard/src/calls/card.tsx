/** One vessel call: progress, times, cranes, productivity. */

import { useEffect, useRef } from "preact/hooks";
import { Comparison } from "../reconciliation/comparison.tsx";
import { dayMinute, zoneAt } from "../shared/format/times.ts";
import { Readings } from "../shared/kpis/readings.tsx";
import { useSession, useTerminalData } from "../shared/live/context.ts";
import { cycleLink } from "../shared/routing/links.ts";
import { type Assignment, type Call, type Stage, stage } from "./call.ts";
import { CallProgress } from "./progress.tsx";
import { callsRoute } from "./route.ts";
import { CallTimes } from "./times.tsx";

const KPIS = ["gross_berth_productivity", "net_berth_productivity", "gross_crane_rate", "net_crane_rate", "crane_intensity", "moves_remaining", "tos_difference"];
const WINDOWS = ["call"];
const STAGES: Record<Stage, string> = { alongside: "▶ alongside", expected: "◷ expected", left: "✓ left" };

/** @param marked the link names this call. */
export function CallCard({ call, marked }: { call: Call; marked: boolean }) {
  const { nowMs } = useSession();
  const data = useTerminalData();
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (marked) card.current?.scrollIntoView({ block: "start" });
  }, [marked]);
  const now = stage(call, nowMs);
  const value = (kpi: string): number | null => data.kpi(kpi, call.id, "call")?.value ?? null;
  return (
    <article class="call" ref={card} data-named={String(marked)}>
      <Title call={call} now={now} />
      <CallProgress call={call} now={now} value={value} />
      <CallTimes call={call} now={now} predictedS={value("predicted_completion")} />
      <Readings subject={call.id} kpis={KPIS} windows={WINDOWS} />
      <div class="call-facts">
        <Cranes terminal={call.terminal} assignments={call.assignments} />
        <Problems problems={call.problems} />
      </div>
      <Comparison terminal={call.terminal} call={call.id} />
    </article>
  );
}

function Title({ call, now }: { call: Call; now: Stage }) {
  const berth = call.berth === null ? "no berth announced" : `berth ${call.berth}`;
  return (
    <header>
      <h3>
        <a href={callsRoute.link({ view: "calls", terminal: call.terminal, call: call.id })}>{call.vessel ?? call.id}</a>
      </h3>
      <span class="note">{call.vessel === null ? berth : `${call.id} · ${berth}`}</span>
      <span class="stage" data-stage={now}>
        {STAGES[now]}
      </span>
    </header>
  );
}

function Cranes({ terminal, assignments }: { terminal: string; assignments: readonly Assignment[] }) {
  if (assignments.length === 0) return <p class="note">No crane assigned: no move counts for this call.</p>;
  return (
    <ul class="assigned" aria-label="Cranes assigned">
      {assignments.map(({ crane, from, until }) => (
        <li>
          <a href={cycleLink(terminal, crane, null)}>{crane}</a>
          <span class="note">{` ${dayMinute(from)} – ${until === null ? "open" : dayMinute(until)} ${zoneAt(from)}`}</span>
        </li>
      ))}
    </ul>
  );
}

function Problems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="call-problems" aria-label="Problems of this call">
      {problems.map((one) => (
        <li>{`⚠ ${one}`}</li>
      ))}
    </ul>
  );
}
