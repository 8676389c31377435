/** What stands instead of the page for whoever has opened the link for the first admin. */

import { useRef, useState } from "preact/hooks";
import { beFirst } from "../shared/access/principal.ts";

export function First({ token }: { token: string }) {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    const given = new FormData(form.current!);
    const [name, password, repeated] = ["name", "password", "repeated"].map((field) => String(given.get(field) ?? "")) as [string, string, string];
    if (name.trim() === "" || password === "") {
      setProblem("Enter a name and a password first.");
      return;
    }
    if (password !== repeated) {
      setProblem("The password is not the same twice.");
      return;
    }
    setBusy(true);
    const result = await beFirst(token, name.trim(), password);
    setBusy(false);
    if (result.ok) leave();
    else setProblem(result.message);
  };
  return (
    <main class="login">
      <form
        ref={form}
        aria-label="Be the first user"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>quaystream</h1>
        <p class="advice">You become the first user, an admin. From then on everybody must log in, on this machine too.</p>
        <label>
          <span>Name</span>
          <input type="text" name="name" maxLength={80} autocomplete="username" required />
        </label>
        <label>
          <span>Password, 10 signs or more</span>
          <input type="password" name="password" maxLength={200} autocomplete="new-password" required />
        </label>
        <label>
          <span>The same once more</span>
          <input type="password" name="repeated" maxLength={200} autocomplete="new-password" required />
        </label>
        <button type="submit" class="main" disabled={busy}>
          Be the first user
        </button>
        <p class="problem" role="alert">
          {problem === "" ? "" : `✕ ${problem}`}
        </p>
        <button type="button" class="way" onClick={leave}>
          Go on without users
        </button>
      </form>
    </main>
  );
}

/** To the page itself; the link stays in no history. */
function leave(): void {
  history.replaceState(null, "", location.pathname + location.search);
  location.reload();
}
