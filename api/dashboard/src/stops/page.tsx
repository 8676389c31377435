/** Delays of the cranes, with their causes, to confirm or to change. */

import { useEffect, useState } from "preact/hooks";
import { fixed } from "../shared/format/numbers.ts";
import { zoneTitle } from "../shared/format/shown-zone.ts";
import { Readings } from "../shared/kpis/readings.tsx";
import { Empty } from "../shared/notice/notice.tsx";
import { SpannedPanel } from "../shared/span/spanned-panel.tsx";
import { useSpan } from "../shared/span/use-span.ts";
import { CauseSums } from "./cause-sums.tsx";
import { ConfirmAll } from "./confirm-all.tsx";
import { type Delay, delayKey, standing } from "./delay.ts";
import { CraneFilter } from "./filters.tsx";
import { LostEdits } from "./lost-edits.tsx";
import type { StopsRoute } from "./route.ts";
import { StopRow } from "./row.tsx";
import { type DelaysWithCauses, scopeOf, useDelays } from "./use-delays.ts";

/** How far back delays are listed while the page is live. */
const LIVE_MS = 12 * 3_600_000;
const KPIS = ["net_crane_rate", "gross_crane_rate"];
const WINDOWS = ["PT1H", "shift"];

export function StopsPage({ route }: { route: StopsRoute }) {
  const { terminal, device } = route;
  const [note, setNote] = useState("");
  const span = useSpan(route, LIVE_MS);
  const shown = useDelays(route, span);
  useEffect(() => setNote(""), [terminal, device, span.key]);
  const saved = (one: Delay): void => {
    shown.update((read) => ({ ...read, delays: read.delays.map((other) => (delayKey(other) === delayKey(one) ? one : other)) }));
    setNote("Saved. Net rates follow within seconds.");
  };
  const confirmed = (count: number): void => {
    setNote(`${fixed(count)} confirmed. Net rates follow within seconds.`);
    shown.reload();
  };
  const open = shown.value?.delays.filter(isOpen).length ?? 0;
  const tools = (
    <>
      <ConfirmAll open={open} scope={() => scopeOf(route, span)} done={confirmed} />
      <CraneFilter route={route} />
    </>
  );
  return (
    <SpannedPanel id="stops-title" title="Delays of cranes" shown={shown} what="delays" tools={tools} picker above={<Above subject={device ?? terminal} live={span.live} note={note} />} empty={<NoDelays where={device ?? "the cranes"} />}>
      {(read) => <Lists read={read} saved={saved} />}
    </SpannedPanel>
  );
}

function Above({ subject, live, note }: { subject: string; live: boolean; note: string }) {
  return (
    <>
      <Readings subject={subject} kpis={KPIS} windows={WINDOWS} />
      <p class="note">{`Times in ${zoneTitle()}.`}{live ? " Delays of the last 12 hours." : ""} A cause that you change counts within seconds.</p>
      <p class="aside" role="status">
        {note}
      </p>
    </>
  );
}

/** Whether a delay has ended and still has the cause that signals found. */
function isOpen(delay: Delay): boolean {
  return delay.endedAt !== null && standing(delay) === "found";
}

function Lists({ read, saved }: { read: DelaysWithCauses; saved: (delay: Delay) => void }) {
  return (
    <>
      <CauseSums delays={read.delays} />
      <LostEdits edits={read.lostEdits} />
      <ul class="stops">
        {read.delays.map((one) => (
          <StopRow key={delayKey(one)} delay={one} causes={read.causes} saved={saved} />
        ))}
      </ul>
    </>
  );
}

function NoDelays({ where }: { where: string }) {
  return (
    <Empty title={`No delays of ${where} in this time`}>
      A crane that is logged on and stands still for two minutes appears here, with the cause that its signals show.
    </Empty>
  );
}
