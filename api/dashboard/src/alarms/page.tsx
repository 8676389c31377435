/** Alarms of a terminal: what needs somebody first; acknowledged, shelved and commented here. */

import { zoneTitle } from "../shared/format/shown-zone.ts";
import { Empty } from "../shared/notice/notice.tsx";
import { SpannedPanel } from "../shared/span/spanned-panel.tsx";
import { useSpan } from "../shared/span/use-span.ts";
import type { Alarm } from "./alarm.ts";
import { filtered, StateFilter } from "./filters.tsx";
import type { AlarmsRoute } from "./route.ts";
import { AlarmRow } from "./row.tsx";
import { useAlarms, useConditions } from "./use-alarms.ts";

/** How far back cleared alarms are listed while the page is live; active ones are, whenever they were raised. */
const LIVE_MS = 12 * 3_600_000;

export function AlarmsPage({ route }: { route: AlarmsRoute }) {
  const span = useSpan(route, LIVE_MS);
  const shown = useAlarms(route.terminal, span);
  const conditions = useConditions(route.terminal);
  const saved = (changed: Alarm): void => {
    shown.update((alarms) => alarms.map((one) => (one.id === changed.id ? changed : one)));
    shown.reload();
  };
  const above = (
    <>
      <StateFilter route={route} alarms={shown.value ?? []} />
      <p class="note">{`Times in ${zoneTitle()}.`}{span.live ? " All that are active, and those of the last 12 hours." : ""}</p>
    </>
  );
  return (
    <SpannedPanel id="alarms-title" title="Alarms" shown={shown} what="alarms" picker above={above} empty={<Empty title="No alarms in this time">One appears here when a condition has lasted for its delay.</Empty>}>
      {(alarms) => {
        const listed = filtered(alarms, route.state);
        return listed.length === 0 ? (
          <p class="note">None of these.</p>
        ) : (
          <ul class="alarms">
            {listed.map((one) => (
              <AlarmRow key={one.id} alarm={one} condition={conditions.get(one.name)} saved={saved} />
            ))}
          </ul>
        );
      }}
    </SpannedPanel>
  );
}
