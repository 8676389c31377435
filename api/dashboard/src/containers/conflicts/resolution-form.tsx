/** The form in which a person states what was found out about a conflict. */

import { useEffect, useRef, useState } from "preact/hooks";
import { spaced } from "../../shared/model/move.ts";
import { LONGEST_NAME, saveName, savedName } from "../../shared/person/name.ts";
import { resolve } from "../requests.ts";
import type { Conflict } from "./conflict.ts";

const LONGEST_REMARK = 1_000;

interface Properties {
  terminal: string;
  conflict: Conflict;
  saved: () => void;
  close: () => void;
}

export function ResolutionForm({ terminal, conflict, saved, close }: Properties) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const remark = useRef<HTMLInputElement>(null);
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => remark.current?.focus(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const by = name.current!.value.trim();
    if (by === "") {
      setProblem("Say who you are: the decision is kept with your name.");
      name.current!.focus();
      return;
    }
    saveName(by);
    setBusy(true);
    const result = await resolve(terminal, conflict, by, remark.current!.value.trim());
    setBusy(false);
    if (result.ok) saved();
    else setProblem(result.message);
  };
  return (
    <form class="stop-editor" aria-label={`What was found about ${spaced(conflict.kind)}`} noValidate onSubmit={(event) => void submit(event)} onKeyDown={(event) => (event.key === "Escape" ? close() : undefined)}>
      <label>
        <span>What was found</span>
        <input type="text" ref={remark} maxLength={LONGEST_REMARK} defaultValue={conflict.remark ?? ""} placeholder="two boxes with one number" />
      </label>
      <label>
        <span>Your name</span>
        <input type="text" ref={name} maxLength={LONGEST_NAME} defaultValue={savedName()} autocomplete="name" required />
      </label>
      <div class="buttons">
        <button type="submit" class="main" disabled={busy}>
          Save
        </button>
        <button type="button" onClick={close}>
          Cancel
        </button>
      </div>
      <p class="problem" role="alert">
        {problem === "" ? "" : `✕ ${problem}`}
      </p>
    </form>
  );
}
