/** Title, subject and window of what is explained, and the other windows to choose from. */

import { windowTitle } from "../shared/format/kpis.ts";
import { dayMinute, hourMinute, zoneAt } from "../shared/format/times.ts";
import { kindsOf, windowsFor } from "../shared/kpis/subjects.ts";
import { useSession, useTerminalData } from "../shared/live/context.ts";
import { kpiTitle } from "../shared/model/kpi.ts";
import { type ExplainRoute, explainRoute } from "../shared/routing/links.ts";
import type { Explanation } from "./explanation.ts";

interface Properties {
  route: ExplainRoute;
  found: Explanation | null;
  close: () => void;
}

export function Head({ route, found, close }: Properties) {
  const { catalogue } = useSession();
  const subject = route.subject ?? route.terminal;
  // Devices and catalogue may come after a link was opened: the windows follow.
  const kinds = kindsOf(subject, route.terminal, useTerminalData());
  const windows = kinds === null ? [] : windowsFor(catalogue.value.get(route.kpi), kinds);
  const chosen = found?.window ?? route.window ?? windows[0] ?? null;
  return (
    <header class="explain-head">
      <div>
        <h2 id="explain-title">{found?.title ?? kpiTitle(catalogue.value, route.kpi)}</h2>
        <p class="note">{`${subject}${found === null ? "" : windowNote(found)}`}</p>
      </div>
      <button type="button" class="close" aria-label="Close" onClick={close}>
        ✕
      </button>
      {windows.length < 2 ? null : (
        <nav class="windows" aria-label="Window">
          {windows.map((one) => (
            <a key={one} class="chip" href={explainRoute.link({ ...route, window: one, at: null })} aria-current={one === chosen ? "true" : undefined}>
              {windowTitle(one)}
            </a>
          ))}
        </nav>
      )}
    </header>
  );
}

function windowNote({ window, beginMs, endMs }: Explanation): string {
  const span = beginMs === null || beginMs === endMs ? dayMinute(endMs) : `${dayMinute(beginMs)}–${hourMinute(endMs)}`;
  return ` · ${windowTitle(window)}, ${span} ${zoneAt(endMs)}`;
}
