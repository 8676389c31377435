/** What stands instead of the page until somebody has logged in. */

import { useRef, useState } from "preact/hooks";
import { type Login as Credentials, logIn } from "../shared/access/principal.ts";
import { saveWay, savedWay, type Way } from "./login-way.ts";

export function Login() {
  const form = useRef<HTMLFormElement>(null);
  const [way, setWay] = useState(savedWay);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const field = (name: string): HTMLInputElement => form.current!.elements.namedItem(name) as HTMLInputElement;
  const submit = async (): Promise<void> => {
    const empty = FIELDS[way].find((one) => field(one.name).value.trim() === "");
    if (empty !== undefined) {
      setProblem(`Enter ${empty.missing} first.`);
      field(empty.name).focus();
      return;
    }
    const login: Credentials = way === "key" ? { key: field("key").value.trim() } : { name: field("name").value.trim(), password: field("password").value };
    setBusy(true);
    const result = await logIn(login);
    setBusy(false);
    if (result.ok) location.reload();
    else {
      setProblem(result.message);
      field(way === "key" ? "key" : "password").select(); // the next one takes its place
    }
  };
  const change = (): void => {
    const other = way === "key" ? "user" : "key";
    saveWay(other);
    setWay(other);
    setProblem("");
  };
  return (
    <main class="login">
      <form
        ref={form}
        aria-label="Log in"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>quaystream</h1>
        {FIELDS[way].map((one, number) => (
          <label key={one.name}>
            <span>{one.label}</span>
            {one.name === "name" ? (
              <input type="text" name="name" autocomplete="username" ref={focus} required />
            ) : (
              <input type="password" name={one.name} autocomplete="current-password" ref={number === 0 ? focus : null} required />
            )}
          </label>
        ))}
        <button type="submit" class="main" disabled={busy}>
          Log in
        </button>
        <p class="problem" role="alert">
          {problem === "" ? "" : `✕ ${problem}`}
        </p>
        <button type="button" class="way" onClick={change}>
          {way === "key" ? "Log in with name and password instead" : "Log in with a key instead"}
        </button>
        <p class="advice">
          Who runs this server adds users: <code>quaystream user add NAME --role viewer</code>
        </p>
      </form>
    </main>
  );
}

const FIELDS = {
  key: [{ name: "key", label: "Your key", missing: "a key" }],
  user: [
    { name: "name", label: "Name", missing: "your name" },
    { name: "password", label: "Password", missing: "your password" },
  ],
} as const satisfies Record<Way, readonly { name: string; label: string; missing: string }[]>;

/** The first field has the cursor, also after a change of the way. */
function focus(element: HTMLInputElement | null): void {
  element?.focus();
}
