/** Boxes done of those planned, and whether that is ahead of an even pace. */

import { fixed } from "../shared/format/numbers.ts";
import { explainRoute, kpiLink } from "../shared/routing/links.ts";
import { type Call, plannedBoxes, progress, type Stage } from "./call.ts";

interface Properties {
  call: Call;
  now: Stage;
  /** Value of a KPI of the call. */
  value: (kpi: string) => number | null;
}

export function CallProgress({ call, now, value }: Properties) {
  const planned = plannedBoxes(call);
  const remaining = value("moves_remaining");
  const done = value("boxes") ?? (planned === null || remaining === null ? null : planned - remaining);
  const found = progress(done, planned);
  const kinds = call.planned.map(([kind, boxes]) => `${fixed(boxes)} ${kind}`).join(", ");
  return (
    <div class="progress">
      {found === null ? (
        <NoProgress call={call} now={now} plan={planned === null ? null : kinds} />
      ) : (
        <>
          <progress max={1} value={found.share} aria-label={`Boxes done of ${call.vessel ?? call.id}`} />
          <p>
            <b>{`${fixed(found.done)} of ${fixed(found.planned)} boxes`}</b>
            {` (${fixed(found.share * 100)} %) `}
            <span class="note">{kinds}</span>
            <Pace call={call} ahead={value("ahead_of_plan")} />
          </p>
        </>
      )}
    </div>
  );
}

/** @param plan planned boxes by kind; null without a plan. */
function NoProgress({ call, now, plan }: { call: Call; now: Stage; plan: string | null }) {
  if (now === "left" && call.lastLineAt !== null) {
    const past = explainRoute.link({ view: "kpi", terminal: call.terminal, kpi: "gross_berth_productivity", subject: call.id, window: "call", at: call.lastLineAt });
    return (
      <p class="note">
        Figures are published while a vessel is worked. <a href={past}>As they were at its last line</a>
      </p>
    );
  }
  return <p class="note">{plan === null ? "No plan announced: how far it is cannot be shown. Announce planned boxes with the call." : `Planned: ${plan}. No box counted yet.`}</p>;
}

/** @param ahead of an even pace; negative: behind it. [boxes] */
function Pace({ call, ahead }: { call: Call; ahead: number | null }) {
  if (ahead === null) return null;
  const boxes = `${fixed(Math.abs(ahead))} boxes`;
  return (
    <a class="pace" data-ahead={String(ahead >= 0)} href={kpiLink(call.terminal, "ahead_of_plan", call.id, "call")}>
      {ahead >= 0 ? `▲ ${boxes} ahead of an even pace` : `▼ ${boxes} behind an even pace`}
    </a>
  );
}
