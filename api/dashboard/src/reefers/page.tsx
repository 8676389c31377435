/** Reefers: all plugs by rack, and the temperatures of one of them. */

import { useMemo } from "preact/hooks";
import { zoneTitle } from "../shared/format/shown-zone.ts";
import { Readings } from "../shared/kpis/readings.tsx";
import { Empty } from "../shared/notice/notice.tsx";
import { SpannedPanel } from "../shared/span/spanned-panel.tsx";
import { useSpan, useSpanned } from "../shared/span/use-span.ts";
import { Detail } from "./detail.tsx";
import { Filters } from "./filters.tsx";
import { HeatMap } from "./heat-map.tsx";
import { isUnknown, matches, racksOf } from "./plug.ts";
import { plugsOf } from "./requests.ts";
import type { ReefersRoute } from "./route.ts";
import { usePlugs } from "./use-plugs.ts";

/** How far back the page looks while it is live. */
const LIVE_H = 12;
const LIVE_MS = LIVE_H * 3_600_000;
const REREAD_MS = 30_000;
const KPIS = ["reefers_plugged", "reefers_out_of_range", "reefers_unpowered", "reefers_running", "reefers_wrong_setpoint", "reefer_out_of_range_min", "reefer_off_power_min", "reefer_unknown_min"];

export function ReefersPage({ route }: { route: ReefersRoute }) {
  const { terminal, device } = route;
  const span = useSpan(route, LIVE_MS);
  const shown = useSpanned(span, { read: (bounds) => plugsOf(terminal, bounds), isEmpty: (rows) => rows.every(isUnknown), everyMs: REREAD_MS, inputs: [terminal] });
  const plugs = usePlugs(shown.value, span.live);
  const racks = useMemo(() => racksOf(plugs.filter((one) => matches(one, route))), [plugs, route.rack, route.state, route.find]);
  const when = span.live ? `Squares show how each plug is now, minutes are of the last ${LIVE_H} hours.` : "Squares show the worst that was in the span, minutes lie in it.";
  return (
    <>
      <SpannedPanel
        id="reefers-title"
        title="Reefers"
        shown={shown}
        what="reefer plugs"
        picker
        above={
          <>
            {span.live ? <Readings subject={terminal} kpis={KPIS} windows={["now", "PT1H"]} /> : null}
            <p class="note">{`${when} Times in ${zoneTitle()}.`}</p>
          </>
        }
        empty={<Empty title="No reefers in this time">Plugs come with their first sample on port/{terminal}/reefer/….</Empty>}
      >
        {() => (
          <>
            <Filters route={route} plugs={plugs} />
            <HeatMap route={route} racks={racks} />
          </>
        )}
      </SpannedPanel>
      {device === null ? null : <Detail key={device} terminal={terminal} device={device} span={span} plug={plugs.find((one) => one.device === device) ?? null} />}
    </>
  );
}
