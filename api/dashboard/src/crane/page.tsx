/** The page of one crane: its last ten cycles, drawn and listed. */

import { useEffect } from "preact/hooks";
import { Empty } from "../shared/notice/notice.tsx";
import { useTerminalData } from "../shared/live/context.ts";
import { type CraneRoute, cycleLink } from "../shared/routing/links.ts";
import { CraneChoice, offeredCranes } from "./crane-choice.tsx";
import { Cycles } from "./cycles.tsx";

export function CranePage({ route }: { route: CraneRoute }) {
  const { terminal, device, lockedAt } = route;
  return (
    <>
      <CraneChoice chosen={device} />
      {device === null ? <FirstCrane terminal={terminal} /> : <Cycles key={`${terminal}/${device}`} terminal={terminal} device={device} lockedAt={lockedAt} />}
    </>
  );
}

/** The link names no crane: the first there is. */
function FirstCrane({ terminal }: { terminal: string }) {
  const first = offeredCranes(useTerminalData())[0] ?? null;
  useEffect(() => {
    if (first !== null) location.replace(cycleLink(terminal, first, null));
  }, [terminal, first]);
  return (
    <section class="panel" aria-label="Cycles">
      <div class="panel-head">
        <h2 />
      </div>
      {first !== null ? null : (
        <Empty title="No cranes yet">
          Publish a sample to <code>{`port/${terminal}/crane/<id>/telemetry`}</code> and the crane appears here.
        </Empty>
      )}
    </section>
  );
}
