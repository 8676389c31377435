/** The form in which a person enters why a crane is delayed. */

import { useEffect, useRef, useState } from "preact/hooks";
import { NOTHING } from "../shared/format/numbers.ts";
import { dayMinute } from "../shared/format/times.ts";
import { spaced } from "../shared/model/move.ts";
import { LONGEST_NAME, saveName, savedName } from "../shared/person/name.ts";
import { byParty, type Cause, type Delay, type Edit } from "./delay.ts";
import { editsOf, enterCause } from "./requests.ts";

const PARTIES: Record<string, string> = { terminal: "Terminal", vessel: "Vessel and line", nobody: "Nobody" };
const LONGEST_REMARK = 1_000;

interface Properties {
  delay: Delay;
  causes: readonly Cause[];
  /** What is missing, by the one who opened the form; "": nothing. */
  problem: string;
  saved: (delay: Delay) => void;
  close: () => void;
}

export function StopEditor({ delay, causes, problem: opening, saved, close }: Properties) {
  const { cause, remark, name, problem, busy, send } = useEntry(delay, opening, saved);
  return (
    <form
      class="stop-editor"
      aria-label={`Cause of the delay of ${delay.device}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <label>
        <span>Cause</span>
        <select ref={cause}>
          {byParty(causes).map(([party, some]) => (
            <Group party={party} causes={some} delay={delay} />
          ))}
        </select>
      </label>
      <label>
        <span>Remark</span>
        <input type="text" ref={remark} maxLength={LONGEST_REMARK} defaultValue={delay.remark ?? ""} placeholder="optional" />
      </label>
      <label>
        <span>Your name</span>
        <input type="text" ref={name} maxLength={LONGEST_NAME} defaultValue={savedName()} autocomplete="name" required />
      </label>
      <Buttons busy={busy} close={close} />
      <p class="problem" role="alert">
        {problem === "" ? "" : `✕ ${problem}`}
      </p>
      <Edits delay={delay} />
    </form>
  );
}

/** The fields of the form, and what sends them. */
function useEntry(delay: Delay, opening: string, saved: (delay: Delay) => void) {
  const [problem, setProblem] = useState(opening);
  const [busy, setBusy] = useState(false);
  const cause = useRef<HTMLSelectElement>(null);
  const remark = useRef<HTMLInputElement>(null);
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => setProblem(opening), [opening]);
  // The cursor stands where something is missing.
  useEffect(() => (name.current?.value === "" ? name : cause).current?.focus(), []);
  const send = async (): Promise<void> => {
    const by = name.current!.value.trim();
    if (by === "") {
      setProblem("Say who you are: the edit is kept with your name.");
      name.current!.focus();
      return;
    }
    saveName(by);
    setProblem("");
    setBusy(true);
    const result = await enterCause(delay, cause.current!.value, by, remark.current!.value.trim());
    setBusy(false);
    if (result.ok) saved(result.value);
    else setProblem(result.message);
  };
  return { cause, remark, name, problem, busy, send };
}

function Buttons({ busy, close }: { busy: boolean; close: () => void }) {
  return (
    <div class="buttons">
      <button type="submit" class="main" disabled={busy}>
        Save
      </button>
      <button type="button" onClick={close}>
        Cancel
      </button>
    </div>
  );
}

function Group({ party, causes, delay }: { party: string; causes: readonly Cause[]; delay: Delay }) {
  // The cause is that of the time when the form was opened: a later one does not replace what a person chooses.
  const [opened] = useState(delay);
  return (
    <optgroup label={PARTIES[party] ?? party}>
      {causes.map((one) => (
        <option key={one.id} value={one.id} selected={one.id === opened.cause}>
          {optionText(one, opened)}
        </option>
      ))}
    </optgroup>
  );
}

function optionText(cause: Cause, delay: Delay): string {
  const found = cause.id === delay.foundCause ? ` (found by ${delay.foundBy})` : "";
  return `${spaced(cause.id)}${found}: ${cause.text}${cause.deduct ? "" : ", stays in net hours"}`;
}

function Edits({ delay }: { delay: Delay }) {
  const [edits, setEdits] = useState<readonly Edit[]>([]);
  useEffect(() => {
    if (delay.editedBy === null) return;
    void editsOf(delay).then((result) => {
      if (result.ok) setEdits(result.value);
    });
  }, []);
  return (
    <div class="edits">
      {edits.length === 0 ? null : <h3>Stated so far</h3>}
      {edits.length === 0 ? null : <ul>{edits.map((one) => <li>{editText(one)}</li>)}</ul>}
    </div>
  );
}

function editText(edit: Edit): string {
  const remark = edit.remark === null ? "" : ` – ${edit.remark}`;
  return `${edit.at === null ? NOTHING : dayMinute(edit.at)} UTC, ${edit.by}: ${spaced(edit.cause)}${remark}`;
}
