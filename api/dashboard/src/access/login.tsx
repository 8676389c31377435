/** What stands instead of the page until somebody has logged in. */

import { useRef, useState } from "preact/hooks";
import { logIn } from "../shared/access/principal.ts";

export function Login() {
  const key = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    const given = key.current!.value.trim();
    if (given === "") {
      setProblem("Enter a key first.");
      key.current!.focus();
      return;
    }
    setBusy(true);
    const result = await logIn(given);
    setBusy(false);
    if (result.ok) location.reload();
    else {
      setProblem(result.message);
      key.current!.select(); // the next one takes its place
    }
  };
  return (
    <main class="login">
      <form
        aria-label="Log in"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>quaystream</h1>
        <label>
          <span>Your key</span>
          <input type="password" ref={key} autocomplete="current-password" autofocus required />
        </label>
        <button type="submit" class="main" disabled={busy}>
          Log in
        </button>
        <p class="problem" role="alert">
          {problem === "" ? "" : `✕ ${problem}`}
        </p>
        <p class="hint">
          Who runs this server makes keys: <code>quaystream key add NAME --role viewer</code>
        </p>
      </form>
    </main>
  );
}
