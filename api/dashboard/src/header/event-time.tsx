/** The newest event time of any device, and how far it is behind. */

import { useEffect } from "preact/hooks";
import { NOTHING } from "../shared/format/numbers.ts";
import { clock, day, duration } from "../shared/format/times.ts";
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
      <span class="zone">UTC</span>
    </div>
  );
}
