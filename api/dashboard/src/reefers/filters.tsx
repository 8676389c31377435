/** Which plugs are shown, and by what they are coloured. All of it stands in the link. */

import { fixed } from "../shared/format/numbers.ts";
import { byId } from "../shared/format/ids.ts";
import { STATE_NAMES, STATES } from "../shared/reefers/reefer.ts";
import type { Plug } from "./plug.ts";
import { type ReefersRoute, reefersRoute } from "./route.ts";

const ALL = "";

export function Filters({ route, plugs }: { route: ReefersRoute; plugs: readonly Plug[] }) {
  const choose = (change: Partial<ReefersRoute>): void => {
    location.hash = reefersRoute.link({ ...route, ...change });
  };
  const racks = [...new Set(plugs.map((one) => one.rack))].sort(byId);
  return (
    <div class="plug-filters">
      <ul class="choice" aria-label="States; each shows the plugs that are in it">
        {STATES.map((state) => (
          <li key={state}>
            <button type="button" class="chip" aria-pressed={route.state === state} onClick={() => choose({ state: route.state === state ? null : state })}>
              <span class="plug" data-state={state} aria-hidden="true" />
              <b>{fixed(plugs.filter((one) => one.state === state).length)}</b> {STATE_NAMES[state]}
            </button>
          </li>
        ))}
      </ul>
      <select aria-label="Rack" value={route.rack ?? ALL} onChange={(event) => choose({ rack: event.currentTarget.value || null })}>
        <option value={ALL}>all racks</option>
        {racks.map((one) => (
          <option key={one} value={one} selected={one === route.rack}>
            {one}
          </option>
        ))}
      </select>
      <select aria-label="Colour" value={route.colour ?? ALL} onChange={(event) => choose({ colour: event.currentTarget.value || null })}>
        <option value={ALL}>by state</option>
        <option value="distance" selected={route.colour === "distance"}>
          by distance from the setpoint
        </option>
      </select>
      <input type="search" aria-label="Plug or container" placeholder="plug or container" value={route.find ?? ""} onChange={(event) => choose({ find: event.currentTarget.value.trim() || null })} />
    </div>
  );
}
