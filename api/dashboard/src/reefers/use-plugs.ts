/** Plugs of the page's span; while it is live with what their newest samples show. */

import { useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { useSession } from "../shared/live/context.ts";
import { openExcursions, reeferOf } from "../shared/reefers/reefer.ts";
import { now, overSpan, type Plug, type PlugRow } from "./plug.ts";

/** Thousands of plugs are looked at again no more often. [ms] */
const TICK_MS = 5_000;

export function usePlugs(rows: readonly PlugRow[] | null, live: boolean): readonly Plug[] {
  const session = useSession();
  const tick = useComputed(() => (live ? Math.floor(session.nowMs / TICK_MS) : 0)).value;
  return useMemo(() => {
    if (rows === null) return [];
    if (!live) return rows.map(overSpan);
    const data = session.data.peek();
    const nowMs = session.exactNowMs;
    const open = openExcursions(data);
    return rows.map((row) => now(row, reeferOf(data, row.device, nowMs, open)));
  }, [rows, live, tick]);
}
