/** Finds containers by a part of their number and by where they are now. */

import { useState } from "preact/hooks";
import { NOTHING } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { dayMinute } from "../shared/format/times.ts";
import { Readings } from "../shared/kpis/readings.tsx";
import { Empty } from "../shared/notice/notice.tsx";
import { SpannedPanel } from "../shared/span/spanned-panel.tsx";
import { useSpan, useSpanned } from "../shared/span/use-span.ts";
import { Head } from "../shared/table/table.tsx";
import { type Container, type Found, placeText, SEARCHED_STATES, stateTitle } from "./container.ts";
import { search } from "./requests.ts";
import { type ContainersRoute, containersRoute } from "./route.ts";

const REREAD_MS = 10_000;
const FEW = 50;
const MOST = 1_000;
const ALL = "";
const DWELL = ["import", "export", "reefer"].flatMap((flow) => [`dwell_${flow}_median`, `dwell_${flow}_p90`]);
const WINDOWS = ["day", "shift"];

/** The list is of the present, whatever span the page shows. */
export function SearchPanel({ route }: { route: ContainersRoute }) {
  const { terminal, q, state } = route;
  const [limit, setLimit] = useState(FEW);
  const span = useSpan({ ...route, from: null, to: null }, 0);
  const shown = useSpanned(span, {
    read: () => search(terminal, q, state, limit),
    isEmpty: ({ containers }) => containers.length === 0,
    everyMs: REREAD_MS,
    inputs: [terminal, q, state, limit],
  });
  const empty =
    q === null && state === null ? (
      <Empty title="No containers yet">They come with crane moves, gate passages and announcements that name them.</Empty>
    ) : (
      <Empty title="No container like that">Write less of the number, or choose all states. Three digits in a row are found anywhere, else the beginning is sought.</Empty>
    );
  return (
    <SpannedPanel id="containers-title" title="Containers" shown={shown} what="containers" above={<Above route={route} />} empty={empty}>
      {(found) => <Results route={route} found={found} more={limit < MOST ? () => setLimit(MOST) : null} />}
    </SpannedPanel>
  );
}

/** Dwell times are of the boxes that have left, today and in this shift. */
function Above({ route }: { route: ContainersRoute }) {
  return (
    <>
      <Readings subject={route.terminal} kpis={DWELL} windows={WINDOWS} />
      <SearchForm route={route} />
    </>
  );
}

export function SearchForm({ route }: { route: ContainersRoute }) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const written = new FormData(event.currentTarget as HTMLFormElement);
    const field = (name: string): string | null => String(written.get(name) ?? "").trim() || null;
    location.hash = containersRoute.link({ ...route, container: null, q: field("q"), state: field("state") });
  };
  return (
    <form class="box-search" role="search" onSubmit={submit} key={`${route.q}/${route.state}`}>
      <input type="search" name="q" maxLength={40} defaultValue={route.q ?? ""} placeholder="MSKU907, or any three digits" aria-label="Part of the container number" />
      <select name="state" aria-label="State" onChange={(event) => event.currentTarget.form?.requestSubmit()}>
        <option value={ALL}>all states</option>
        {SEARCHED_STATES.map((one) => (
          <option key={one} value={one} selected={one === route.state}>
            {stateTitle(one)}
          </option>
        ))}
      </select>
      <button type="submit">Search</button>
    </form>
  );
}

function Results({ route, found, more }: { route: ContainersRoute; found: Found; more: (() => void) | null }) {
  return (
    <>
      <div class="scroll box-results" tabIndex={0} role="region" aria-label="Containers found">
        <table>
          <Head names={["Number", "State", "Place", timed("Since"), "Size-type"]} />
          <tbody>
            {found.containers.map((one) => (
              <Row key={one.id} route={route} container={one} />
            ))}
          </tbody>
        </table>
      </div>
      {!found.more ? null : more === null ? (
        <p class="note">There are more: write more of the number.</p>
      ) : (
        <button type="button" class="more" onClick={more}>
          Show more
        </button>
      )}
    </>
  );
}

function Row({ route, container }: { route: ContainersRoute; container: Container }) {
  const { id, state, place, since, isoCode, conflict } = container;
  return (
    <tr>
      <th scope="row">
        <a href={containersRoute.link({ ...route, container: id })}>{id}</a>
        {conflict ? <span title="Its events contradict each other"> ⚠ conflict</span> : null}
      </th>
      <td>{stateTitle(state)}</td>
      <td>{placeText(place)}</td>
      <td>{dayMinute(since)}</td>
      <td>{isoCode ?? NOTHING}</td>
    </tr>
  );
}
