/** Reefers: one square a plug, and the list of excursions. */

import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { fixed } from "../../shared/format/numbers.ts";
import { useSession } from "../../shared/live/context.ts";
import { Excursions } from "./excursions.tsx";
import { PlugGrid } from "./plug-grid.tsx";
import { openExcursions, type ReeferState, reeferState, STATE_NAMES, STATES } from "../../shared/reefers/reefer.ts";

/** Silence grows slowly: it is looked at each so many seconds. */
const TICK_S = 10;

export type PlugStates = ReadonlyMap<string, ReeferState>;

export function Reefers() {
  const states = usePlugStates();
  return (
    <section class="panel reefer-panel" aria-labelledby="reefer-title">
      <div class="panel-head">
        <h2 id="reefer-title">Reefers</h2>
        <Legend states={states} />
      </div>
      <div class="body reefers" id="reefers">
        {states.size > 0 ? null : <p class="empty">No reefers yet</p>}
        <PlugGrid states={states} />
        <h3>Excursions</h3>
        <Excursions />
      </div>
    </section>
  );
}

/** States of all plugs, in the order of their ids; the same map as long as none of them changes. */
function usePlugStates(): PlugStates {
  const session = useSession();
  const before = useRef<PlugStates>(new Map());
  const tick = useComputed(() => Math.floor(session.nowMs / 1000 / TICK_S));
  return useComputed(() => {
    void tick.value;
    const data = session.data.value;
    const nowMs = session.exactNowMs;
    const open = openExcursions(data);
    const states = new Map(data.ids("reefer").map((id) => [id, reeferState(data, id, open.has(id), nowMs)]));
    if (!same(before.current, states)) before.current = states;
    return before.current;
  }).value;
}

function same(a: PlugStates, b: PlugStates): boolean {
  if (a.size !== b.size) return false;
  for (const [id, state] of b) if (a.get(id) !== state) return false;
  return true;
}

function Legend({ states }: { states: PlugStates }) {
  const counts = new Map(STATES.map((state) => [state, 0]));
  for (const state of states.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
  return (
    <ul class="legend plug-legend" id="reefer-legend" aria-label="Reefer states">
      {[...counts].map(([state, count]) => (
        <li key={state}>
          <span class="plug" data-state={state} aria-hidden="true" />
          <b>{fixed(count)}</b> {STATE_NAMES[state]}
        </li>
      ))}
    </ul>
  );
}
