/** One alarm in the list: what, where, since when, what to do, and who cares. */

import { Fragment } from "preact";
import { useRef, useState } from "preact/hooks";
import { flash } from "../shared/effects/flash.ts";
import { duration, fromTo, moment } from "../shared/format/times.ts";
import { useSession } from "../shared/live/context.ts";
import { spaced } from "../shared/model/move.ts";
import { NAME_MISSING, savedName } from "../shared/person/name.ts";
import { type Alarm, type Condition, type Standing, standing } from "./alarm.ts";
import { AlarmEditor } from "./editor.tsx";
import { alarmLink } from "./link.ts";
import { act } from "./requests.ts";

const SIGNS: Record<string, string> = { critical: "▲▲", high: "▲", medium: "◆", low: "●" };
const WORDS: Record<Standing, string> = {
  unacknowledged: "active, not acknowledged",
  acknowledged: "active, acknowledged",
  cleared: "cleared, not acknowledged",
  over: "cleared, acknowledged",
  shelved: "shelved",
};

interface Properties {
  alarm: Alarm;
  condition: Condition | undefined;
  /** The server took an act. */
  saved: (alarm: Alarm) => void;
}

export function AlarmRow({ alarm, condition, saved }: Properties) {
  /** What is missing, shown by the form; null: there is no form. */
  const [problem, setProblem] = useState<string | null>(null);
  const row = useRef<HTMLLIElement>(null);
  const done = (changed: Alarm): void => {
    setProblem(null);
    saved(changed);
    if (row.current !== null) flash(row.current);
  };
  const acknowledge = async (): Promise<void> => {
    if (savedName() === "") {
      setProblem(NAME_MISSING);
      return;
    }
    const result = await act(alarm, "acknowledge", savedName(), "", null);
    if (result.ok) done(result.value);
    else setProblem(result.message);
  };
  return (
    <li class="alarm" ref={row} data-standing={standing(alarm)} data-severity={alarm.severity}>
      <div class="alarm-facts">
        <What alarm={alarm} condition={condition} />
        <When alarm={alarm} />
        <Who alarm={alarm} />
        <span class="acts">
          <button type="button" class="main" hidden={alarm.acknowledgedAt !== null} aria-label={`Acknowledge ${spaced(alarm.name)} of ${alarm.subject}`} onClick={() => void acknowledge()}>
            Acknowledge
          </button>
          <button type="button" data-act="more" aria-expanded={problem !== null} aria-label={`Shelve or comment ${spaced(alarm.name)} of ${alarm.subject}`} onClick={() => setProblem(problem === null ? "" : null)}>
            More
          </button>
        </span>
      </div>
      {problem === null ? null : <AlarmEditor alarm={alarm} problem={problem} saved={done} close={() => setProblem(null)} />}
    </li>
  );
}

function What({ alarm, condition }: { alarm: Alarm; condition: Condition | undefined }) {
  return (
    <span class="what">
      <b>
        <span class="sign" title={alarm.severity}>
          {SIGNS[alarm.severity] ?? SIGNS["low"]}
        </span>{" "}
        {spaced(alarm.name)} · <Subject alarm={alarm} />
      </b>
      <span>{condition?.text ?? ""}</span>
      {condition === undefined || alarm.clearedAt !== null ? null : <span class="response">→ {condition.response}</span>}
      {alarm.members.length > 1 ? <Members ids={alarm.members} /> : null}
    </span>
  );
}

/** The list stands beside `details`, not in it: Chromium hides what is in an open one when its row moves in the list. */
function Members({ ids }: { ids: readonly string[] }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{ids.length} devices</summary>
      </details>
      {open ? (
        <span class="members">
          {ids.map((id, index) => (
            <Fragment key={id}>
              {index > 0 ? ", " : ""}
              <span class="member">{id}</span>
            </Fragment>
          ))}
        </span>
      ) : null}
    </>
  );
}

function Subject({ alarm }: { alarm: Alarm }) {
  const { terminal } = useSession();
  const href = alarmLink(terminal.value, alarm);
  return href === null ? <>{alarm.subject}</> : <a href={href}>{alarm.subject}</a>;
}

/** One that is active grows each second. */
function When({ alarm }: { alarm: Alarm }) {
  const session = useSession();
  const endMs = alarm.clearedAt ?? session.nowMs;
  return (
    <span class="when" title={`raised ${moment(alarm.raisedAt)}`}>
      {fromTo(alarm.raisedAt, alarm.clearedAt)}
      <b>{duration(endMs - alarm.raisedAt)}</b>
    </span>
  );
}

function Who({ alarm }: { alarm: Alarm }) {
  return (
    <span class="who">
      <span class="standing">{WORDS[standing(alarm)]}</span>
      {alarm.acknowledgedBy === null ? null : <span>{`${alarm.acknowledgedBy}, ${moment(alarm.acknowledgedAt)}`}</span>}
      {alarm.shelvedUntil === null ? null : <span>{`until ${moment(alarm.shelvedUntil)} by ${alarm.shelvedBy}`}</span>}
    </span>
  );
}
