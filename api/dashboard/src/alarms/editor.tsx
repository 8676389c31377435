/** The form in which a person shelves an alarm, takes it off the shelf, or comments; and what was done so far. */

import { useEffect, useRef, useState } from "preact/hooks";
import { dayMinute } from "../shared/format/times.ts";
import { useSession } from "../shared/live/context.ts";
import { LONGEST_NAME, saveName, savedName } from "../shared/person/name.ts";
import type { Act, Alarm } from "./alarm.ts";
import { act, actsOf, type Deed } from "./requests.ts";

const HOUR_MS = 3_600_000;
const SHELVES: readonly [hours: number, word: string][] = [
  [1, "1 hour"],
  [8, "8 hours"],
  [24, "1 day"],
  [168, "7 days"],
];
const LONGEST_REMARK = 1_000;
const DONE: Readonly<Record<string, string>> = { acknowledge: "acknowledged", shelve: "shelved", unshelve: "took off the shelf", comment: "commented" };

interface Properties {
  alarm: Alarm;
  /** What is missing, by the one who opened the form; "": nothing. */
  problem: string;
  saved: (alarm: Alarm) => void;
  close: () => void;
}

export function AlarmEditor({ alarm, problem: opening, saved, close }: Properties) {
  const { hours, remark, name, problem, busy, send } = useEntry(alarm, opening, saved);
  return (
    <form
      class="alarm-editor"
      aria-label={`What to do about ${alarm.subject}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(alarm.acknowledgedAt === null ? "acknowledge" : "comment");
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <label>
        <span>Remark</span>
        <input type="text" ref={remark} maxLength={LONGEST_REMARK} />
      </label>
      <label>
        <span>Your name</span>
        <input type="text" ref={name} maxLength={LONGEST_NAME} defaultValue={savedName()} autocomplete="name" required />
      </label>
      <label>
        <span>Shelve for</span>
        <select ref={hours}>
          {SHELVES.map(([count, word]) => (
            <option value={count}>{word}</option>
          ))}
        </select>
      </label>
      <div class="buttons">
        <button type="submit" class="main" disabled={busy}>
          {alarm.acknowledgedAt === null ? "Acknowledge" : "Comment"}
        </button>
        <button type="button" disabled={busy} onClick={() => void send(alarm.shelvedUntil === null ? "shelve" : "unshelve")}>
          {alarm.shelvedUntil === null ? "Shelve" : "Take off the shelf"}
        </button>
        <button type="button" onClick={close}>
          Cancel
        </button>
      </div>
      <p class="problem" role="alert">
        {problem === "" ? "" : `✕ ${problem}`}
      </p>
      <Acts alarm={alarm} />
    </form>
  );
}

/** The fields of the form, and what sends them. */
function useEntry(alarm: Alarm, opening: string, saved: (alarm: Alarm) => void) {
  const session = useSession();
  const [problem, setProblem] = useState(opening);
  const [busy, setBusy] = useState(false);
  const hours = useRef<HTMLSelectElement>(null);
  const remark = useRef<HTMLInputElement>(null);
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => setProblem(opening), [opening]);
  useEffect(() => (name.current?.value === "" ? name : remark).current?.focus(), []);
  const send = async (deed: Deed): Promise<void> => {
    const [by, written] = [name.current!.value.trim(), remark.current!.value.trim()];
    if (by === "" || (deed === "comment" && written === "")) {
      setProblem(by === "" ? "Say who you are: it is kept with your name." : "Write a remark first.");
      (by === "" ? name : remark).current!.focus();
      return;
    }
    saveName(by);
    setProblem("");
    setBusy(true);
    const untilMs = deed === "shelve" ? session.exactNowMs + Number(hours.current!.value) * HOUR_MS : null;
    const result = await act(alarm, deed, by, written, untilMs);
    setBusy(false);
    if (result.ok) saved(result.value);
    else setProblem(result.message);
  };
  return { hours, remark, name, problem, busy, send };
}

function Acts({ alarm }: { alarm: Alarm }) {
  const [acts, setActs] = useState<readonly Act[]>([]);
  useEffect(() => {
    void actsOf(alarm).then((result) => {
      if (result.ok) setActs(result.value);
    });
  }, [alarm.id]);
  if (acts.length === 0) return null;
  return (
    <div class="edits">
      <h3>So far</h3>
      <ul>
        {acts.map((one) => (
          <li>{actText(one)}</li>
        ))}
      </ul>
    </div>
  );
}

function actText(one: Act): string {
  const until = one.until === null ? "" : ` until ${dayMinute(one.until)}`;
  const remark = one.remark === null ? "" : ` – ${one.remark}`;
  return `${dayMinute(one.at)} UTC, ${one.by}: ${DONE[one.act] ?? one.act}${until}${remark}`;
}
