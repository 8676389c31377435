/** Changes the password of whoever looks. */

import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { principal, readPrincipal } from "../../shared/access/principal.ts";
import { changeOwnPassword } from "./user.ts";

/** Longer there than the section: the old session ends first, and the server may ask for a login until the new one has begun. */
const done = signal(false);

export function OwnPassword() {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState("");
  const submit = async (): Promise<void> => {
    const given = new FormData(form.current!);
    const [old, one, other] = ["old", "new", "repeated"].map((name) => String(given.get(name) ?? ""));
    done.value = false;
    if (one !== other) {
      setProblem("The new password is not the same twice.");
      return;
    }
    const result = await changeOwnPassword(old ?? "", one ?? "");
    setProblem(result.ok ? "" : result.message);
    if (!result.ok) return;
    form.current?.reset();
    await readPrincipal();
    done.value = true;
  };
  return (
    <section class="panel" aria-labelledby="own-title">
      <div class="panel-head">
        <h2 id="own-title">Your password</h2>
        <span class="note">{`of ${principal.value?.name ?? ""}; a new one ends your other sessions`}</span>
      </div>
      <form
        class="statement own-password"
        ref={form}
        aria-label="Change your password"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <input type="text" name="username" autocomplete="username" value={principal.value?.name ?? ""} hidden readOnly />
        <Field name="old" label="Old password" autocomplete="current-password" />
        <Field name="new" label="New password, 10 signs or more" autocomplete="new-password" />
        <Field name="repeated" label="The same once more" autocomplete="new-password" />
        <div class="buttons">
          <button type="submit" class="main">
            Change
          </button>
        </div>
        <p class="problem" role="alert">
          {problem === "" ? "" : `✕ ${problem}`}
        </p>
        {done.value ? (
          <p class="made" role="status">
            Your password is changed.
          </p>
        ) : null}
      </form>
    </section>
  );
}

function Field({ name, label, autocomplete }: { name: string; label: string; autocomplete: "current-password" | "new-password" }) {
  return (
    <label>
      <span>{label}</span>
      <input type="password" name={name} maxLength={200} autocomplete={autocomplete} required />
    </label>
  );
}
