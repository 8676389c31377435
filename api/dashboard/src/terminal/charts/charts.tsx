/** The three chart strips: crane rates, trucks, reefers. Six hours from history, then live. */

import { useEffect, useMemo } from "preact/hooks";
import { useSession } from "../../shared/live/context.ts";
import { ChartFeed, type TracesOf } from "./feed.ts";
import { Strip } from "./strip.tsx";
import type { Style } from "./strip-plot.ts";
import { rateTraces, reeferTraces, truckTraces } from "./traces.ts";

/** Boxes an hour that a crane may well do, with twin lifts. */
const PLAUSIBLE_RATE = 60;

interface StripInfo {
  id: string;
  title: string;
  style: Style;
  traces: TracesOf;
}

const STRIPS: readonly StripInfo[] = [
  { id: "rates", title: "Gross crane rate, boxes/h", style: { left: "", right: "", zero: false, plausible: PLAUSIBLE_RATE, times: false }, traces: rateTraces },
  { id: "trucks", title: "Trucks: turn time and queue", style: { left: "min", right: "trucks", zero: true, plausible: null, times: false }, traces: truckTraces },
  { id: "cold", title: "Reefers", style: { left: "", right: "", zero: true, plausible: null, times: true }, traces: reeferTraces },
];

export function Charts() {
  const session = useSession();
  const feed = useMemo(() => new ChartFeed(session, STRIPS.map((one) => one.traces)), [session]);
  useEffect(() => feed.follow(), [feed]);
  return (
    <section class="panel charts-panel" aria-labelledby="charts-title">
      <h2 class="unseen" id="charts-title">
        Last six hours
      </h2>
      {STRIPS.map(({ id, title, style }, index) => (
        <Strip key={id} id={id} title={title} style={style} drawn={feed.drawn.value[index] ?? null} />
      ))}
    </section>
  );
}
