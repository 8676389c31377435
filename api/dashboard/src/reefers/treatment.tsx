/** How far the cold treatment of a container is; nothing where there is none. */

import { valueOf } from "../shared/api/client.ts";
import { usePolled } from "../shared/api/use-polled.ts";
import { fixed } from "../shared/format/numbers.ts";
import { moment } from "../shared/format/times.ts";
import { type Run, treatmentOf } from "./requests.ts";

const REREAD_MS = 60_000;

export function Treatment({ terminal, containerId }: { terminal: string; containerId: string }) {
  const read = async () => ({ ok: true as const, value: (await valueOf(treatmentOf(terminal, containerId))) ?? [] });
  const { value } = usePolled(read, REREAD_MS, [terminal, containerId]);
  if (value === null || value.length === 0) return null;
  return (
    <section class="treatment" aria-label={`Cold treatment of ${containerId}`}>
      <h3>Cold treatment of {containerId}</h3>
      {value.map((run) => (
        <RunLine key={run.beganAt} run={run} />
      ))}
    </section>
  );
}

function RunLine({ run }: { run: Run }) {
  const { schedule, level, doneH, leftH, verdict, breachAt, breachSensor } = run;
  const breach = breachAt === null ? "" : `; ${breachSensor ?? "a probe"} above it at ${moment(breachAt)}`;
  return (
    <p class="treatment-run" data-verdict={verdict}>
      <progress max={doneH + leftH} value={doneH} aria-label={`${fixed(doneH, 1)} of ${fixed(doneH + leftH, 1)} hours`} />
      <b>{verdict}</b> {schedule} since {moment(run.beganAt)}: {fixed(doneH, 1)} h done, {fixed(leftH, 1)} h left at {fixed(level, 2)} °C{breach}
    </p>
  );
}
