/** Excursions, the open ones first, with their distance from the setpoint. */

import { useComputed } from "@preact/signals";
import { degrees, fixed, NOTHING } from "../../shared/format/numbers.ts";
import { timed } from "../../shared/format/shown-zone.ts";
import { hourMinute, hours } from "../../shared/format/times.ts";
import { useSession, useTerminalData } from "../../shared/live/context.ts";
import { type Excursion, excursionKey } from "../../shared/model/excursion.ts";
import { Head } from "../../shared/table/table.tsx";

const MOST = 40;

export function Excursions() {
  const session = useSession();
  const shown = useTerminalData().excursions.slice(0, MOST);
  // Lengths are shown in minutes.
  useComputed(() => Math.floor(session.nowMs / 60_000)).value;
  const nowMs = session.exactNowMs;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Reefer excursions">
      <table class="excursions">
        <caption class="unseen">Reefer excursions</caption>
        <Head names={["Plug", "Container", timed("Since"), "For h", "Set °C", "Δ °C"]} />
        <tbody>
          {shown.map((one) => (
            <Row key={excursionKey(one)} excursion={one} nowMs={nowMs} />
          ))}
        </tbody>
      </table>
      {shown.length > 0 ? null : <p class="empty">No excursions</p>}
    </div>
  );
}

function Row({ excursion, nowMs }: { excursion: Excursion; nowMs: number }) {
  const open = excursion.endedAt === null;
  return (
    <tr data-open={String(open)}>
      <th scope="row">{`${open ? "▲ " : "✓ "}${excursion.device}`}</th>
      <td>{excursion.containerId ?? NOTHING}</td>
      <td>{hourMinute(excursion.beganAt)}</td>
      <td>{hours((excursion.endedAt ?? nowMs) - excursion.beganAt)}</td>
      <td>{fixed(excursion.setpointDegc, 1)}</td>
      <td>{degrees(excursion.worstDegc)}</td>
    </tr>
  );
}
