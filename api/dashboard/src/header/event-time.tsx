/** The newest event time of any device, how far it is behind, and the zone of all times on the page. */

import { useEffect } from "preact/hooks";
import { NOTHING } from "../shared/format/numbers.ts";
import { clock, day, duration } from "../shared/format/times.ts";
import { chooseZone, otherZone, shownZone } from "../shared/format/shown-zone.ts";
import { zoneName } from "../shared/format/zones.ts";
import { useSession, useTerminalData } from "../shared/live/context.ts";

/** Live data are this young: a sample a second, stored, polled and sent. [ms] */
const LIVE_MS = 5_000;

export function EventTime() {
  const { newest } = useTerminalData();
  const session = useSession();
  const connected = session.connection.value.state === "connected";
  const behindMs = newest === null ? null : session.nowMs - newest;
  const title = newest === null ? "quaystream" : `${connected ? "" : "✕ "}quaystream ${clock(newest) || NOTHING}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div class="time" title="Event time: the newest time that any device sent">
      <span class="lag" data-state={behindMs === null ? "none" : behindMs < LIVE_MS ? "live" : "behind"}>
        {behindMs === null ? "no data yet" : behindMs < LIVE_MS ? "live" : `${duration(behindMs)} behind`}
      </span>
      <span class="day">{newest === null ? "" : day(newest)}</span>
      <b class="clock">{clock(newest)}</b>
      <ZoneChoice />
    </div>
  );
}

/** With terminal clocks that show UTC there is nothing to choose. */
function ZoneChoice() {
  const { newest } = useTerminalData();
  const session = useSession();
  const atMs = newest ?? session.exactNowMs;
  const shown = zoneName(atMs, shownZone.value);
  const other = otherZone.value;
  if (other === undefined) return <span class="zone">{shown}</span>;
  const words = `All times are ${shown}. Show them in ${zoneName(atMs, other)}`;
  return (
    <button type="button" class="zone" title={words} aria-label={words} onClick={() => chooseZone(other === null ? "utc" : "terminal")}>
      {shown} <span aria-hidden="true">⇄</span>
    </button>
  );
}
