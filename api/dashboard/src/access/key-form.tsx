/** Makes a key, and shows it, this once. */

import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { logIn, principal, readPrincipal } from "../shared/access/principal.ts";
import { addKey, ROLES, type Role } from "./key.ts";

const LONGEST_NAME = 80;
/** Of the form, and longer: with the first key the server asks for one, and the form goes until it has got it. */
const made = signal("");

export function KeyForm({ added }: { added: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState("");
  const first = principal.value?.name === null;
  const submit = async (): Promise<void> => {
    const given = new FormData(form.current!);
    const word = (name: string): string => String(given.get(name) ?? "").trim();
    const days = word("days");
    const key = { name: word("name"), role: word("role") as Role, terminal: word("terminal") || null, days: days === "" ? null : Number(days) };
    if (key.name === "") {
      setProblem("Write first who gets the key.");
      return;
    }
    const result = await addKey(key);
    setProblem(result.ok ? "" : result.message);
    made.value = result.ok ? result.value : "";
    if (!result.ok) return;
    if (first) {
      await logIn({ key: result.value });
      await readPrincipal();
    }
    form.current?.reset();
    added();
  };
  return (
    <form
      class="statement"
      ref={form}
      aria-label="Make a key"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label>
        <span>Who gets it</span>
        <input type="text" name="name" maxLength={LONGEST_NAME} autocomplete="off" required />
      </label>
      <label class="short">
        <span>Role</span>
        <select name="role">
          {ROLES.map((one) => (
            <option key={one} selected={first && one === "admin"}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label class="short">
        <span>Terminal only</span>
        <input type="text" name="terminal" maxLength={64} autocomplete="off" placeholder="all" />
      </label>
      <label class="short">
        <span>Ends after days</span>
        <input type="number" name="days" min={1} max={3650} placeholder="never" />
      </label>
      <div class="buttons">
        <button type="submit" class="main">
          Make a key
        </button>
      </div>
      <p class="problem" role="alert">
        {problem === "" ? "" : `✕ ${problem}`}
      </p>
      {made.value === "" ? null : (
        <p class="made" role="status">
          Copy it now, it is not shown again: <code>{made.value}</code>
        </p>
      )}
    </form>
  );
}
