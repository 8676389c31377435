/** The drawing with its head: wind, and what the signs of the cranes mean. */

import { type Crane, craneOf, SIGNS, type Tone } from "../../shared/cranes/crane.ts";
import { fixed } from "../../shared/format/numbers.ts";
import { useSession, useTerminalData } from "../../shared/live/context.ts";
import { Quay } from "./quay.tsx";

export function QuayPanel() {
  return (
    <section class="panel quay-panel" aria-labelledby="quay-title">
      <div class="panel-head">
        <h2 id="quay-title">Quay and yard</h2>
        <Wind />
        <ul class="legend signs" aria-label="Crane states">
          {(["working", "idle", "fault", "offline"] satisfies Tone[]).map((tone) => (
            <li data-tone={tone}>
              <span aria-hidden="true">{SIGNS[tone]}</span> {tone}
            </li>
          ))}
        </ul>
      </div>
      <Quay />
    </section>
  );
}

/** The strongest wind that a crane measures. */
function Wind() {
  const data = useTerminalData();
  const { nowMs } = useSession();
  const windy = data
    .ids("crane")
    .map((id) => craneOf(data, id, nowMs))
    .filter((one) => one.windMps !== null && one.tone !== "offline");
  const most = windy.reduce<Crane | null>((a, b) => (a === null || b.windMps! > a.windMps! ? b : a), null);
  return (
    <span class="note" id="wind">
      {most === null ? "" : `wind ${fixed(most.windMps, 1)} m/s at ${most.id}`}
    </span>
  );
}
