/** Makes the account of a device. */

import { useRef, useState } from "preact/hooks";
import { addAccount, namesDevice, type NewCredential } from "./account.ts";

const LONGEST_NAME = 140;
const LONGEST_TYPE = 64;
const LONGEST_OWNER = 80;

export function AccountForm({ made }: { made: (credential: NewCredential) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    const given = new FormData(form.current!);
    const word = (name: string): string | null => String(given.get(name) ?? "").trim() || null;
    const name = word("device") ?? "";
    if (!namesDevice(name)) {
      setProblem("Write the device as TERMINAL/STREAM/DEVICE, as in its topics, such as demo/crane/sts9.");
      return;
    }
    setBusy(true);
    const result = await addAccount({ name, type: word("type"), owner: word("owner") });
    setBusy(false);
    setProblem(result.ok ? "" : result.message);
    if (!result.ok) return;
    form.current?.reset();
    made(result.value);
  };
  return (
    <form
      class="statement"
      ref={form}
      aria-label="Make an account"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit();
      }}
    >
      <label>
        <span>Device</span>
        <input type="text" name="device" maxLength={LONGEST_NAME} autocomplete="off" autocapitalize="off" spellcheck={false} placeholder="demo/crane/sts9" required />
      </label>
      <label class="short">
        <span>Type</span>
        <input type="text" name="type" maxLength={LONGEST_TYPE} autocomplete="off" placeholder="such as STS" />
      </label>
      <label class="short">
        <span>Who answers for it</span>
        <input type="text" name="owner" maxLength={LONGEST_OWNER} autocomplete="off" />
      </label>
      <div class="buttons">
        <button type="submit" class="main" disabled={busy}>
          Make an account
        </button>
      </div>
      <p class="problem" role="alert">
        {problem === "" ? "" : `✕ ${problem}`}
      </p>
    </form>
  );
}
