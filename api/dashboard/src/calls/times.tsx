/** Times of a call in the zone that the page shows and, below each, in the other one. */

import type { ComponentChildren } from "preact";
import { NOTHING } from "../shared/format/numbers.ts";
import { duration, moment, otherwise } from "../shared/format/times.ts";
import { kpiLink } from "../shared/routing/links.ts";
import type { Call, Stage } from "./call.ts";

const MINUTE_MS = 60_000;

export function CallTimes({ call, now, predictedS }: { call: Call; now: Stage; predictedS: number | null }) {
  const predicted = now === "left" || predictedS === null ? null : predictedS * 1000;
  return (
    <dl class="call-times">
      <Term name="First line">
        <Time ms={call.firstLineAt} />
      </Term>
      <Term name="All fast">
        <Time ms={call.allFastAt} />
      </Term>
      <Term name="Last line">
        <Time ms={call.lastLineAt} />
      </Term>
      <Term name="Planned completion">
        <Time ms={call.plannedCompletionAt} />
      </Term>
      <Term name="Predicted completion">
        {predicted === null ? (
          NOTHING
        ) : (
          <a href={kpiLink(call.terminal, "predicted_completion", call.id, "call")}>
            <Time ms={predicted} />
          </a>
        )}
      </Term>
      <Term name="Beside the plan">{besidePlan(call.plannedCompletionAt, predicted)}</Term>
    </dl>
  );
}

function Term({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A ship knows UTC, a terminal its own clocks: both stand here. */
function Time({ ms }: { ms: number | null }) {
  const other = ms === null ? "" : otherwise(ms);
  return (
    <>
      {moment(ms)}
      {other === "" ? null : <span class="local">{other}</span>}
    </>
  );
}

function besidePlan(plannedMs: number | null, predictedMs: number | null): string {
  if (plannedMs === null || predictedMs === null) return NOTHING;
  const earlyMs = plannedMs - predictedMs;
  return Math.abs(earlyMs) < MINUTE_MS ? "on time" : `${duration(Math.abs(earlyMs))} ${earlyMs > 0 ? "early" : "late"}`;
}
