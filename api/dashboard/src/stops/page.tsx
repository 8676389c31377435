/** Delays of the cranes, with their causes, to confirm or to change. */

import { useEffect, useState } from "preact/hooks";
import { fixed } from "../shared/format/numbers.ts";
import { Readings } from "../shared/kpis/readings.tsx";
import { Empty, Failed, Loading } from "../shared/notice/notice.tsx";
import { CauseSums } from "./cause-sums.tsx";
import { ConfirmAll } from "./confirm-all.tsx";
import { type Delay, delayKey, standing } from "./delay.ts";
import { CraneFilter, SpanFilter } from "./filters.tsx";
import { LostEdits } from "./lost-edits.tsx";
import type { StopsRoute } from "./route.ts";
import { StopRow } from "./row.tsx";
import { type DelaysWithCauses, useDelays, useScope } from "./use-delays.ts";

const DEFAULT_SPAN = "12";
const KPIS = ["net_crane_rate", "gross_crane_rate"];
const WINDOWS = ["PT1H", "shift"];

export function StopsPage({ route }: { route: StopsRoute }) {
  const { terminal, device } = route;
  const [span, setSpan] = useState(DEFAULT_SPAN);
  const [note, setNote] = useState("");
  const scope = useScope(route, span);
  const { value, failure, reload, update } = useDelays(scope, span);
  useEffect(() => setNote(""), [terminal, device, span]);
  const delays = value?.delays ?? [];
  const saved = (one: Delay): void => {
    update((read) => ({ ...read, delays: read.delays.map((other) => (delayKey(other) === delayKey(one) ? one : other)) }));
    setNote("Saved. Net rates follow within seconds.");
  };
  const confirmed = (count: number): void => {
    setNote(`${fixed(count)} confirmed. Net rates follow within seconds.`);
    reload();
  };
  return (
    <section class="panel" aria-labelledby="stops-title">
      <div class="panel-head">
        <h2 id="stops-title">Delays of cranes</h2>
        <span class="note">UTC; a cause that you change counts within seconds</span>
        <div class="tools">
          <ConfirmAll open={delays.filter(isOpen).length} scope={scope} done={confirmed} />
          <CraneFilter route={route} />
          <SpanFilter value={span} choose={setSpan} />
        </div>
      </div>
      <Readings subject={device ?? terminal} kpis={KPIS} windows={WINDOWS} />
      <p class="aside" role="status">
        {value !== null && failure !== null ? `Not up to date: ${failure}` : note}
      </p>
      <div class="notice-place">
        <Notice read={value !== null} failure={failure} none={delays.length === 0} where={device ?? "the cranes"} retry={reload} />
      </div>
      {value === null ? null : <Lists read={value} saved={saved} />}
    </section>
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

interface NoticeProperties {
  read: boolean;
  failure: string | null;
  none: boolean;
  where: string;
  retry: () => void;
}

function Notice({ read, failure, none, where, retry }: NoticeProperties) {
  if (!read) return failure === null ? <Loading what="delays" /> : <Failed title="The delays cannot be read" message={failure} retry={retry} />;
  if (!none) return null;
  return (
    <Empty title={`No delays of ${where} in this time`}>
      A crane that is logged on and stands still for two minutes appears here, with the cause that its signals show.
    </Empty>
  );
}
