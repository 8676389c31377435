/** One button that confirms what signals found of all delays shown; it asks for the name, and so asks twice. */

import { useEffect, useRef, useState } from "preact/hooks";
import { fixed } from "../shared/format/numbers.ts";
import { LONGEST_NAME, saveName, savedName } from "../shared/person/name.ts";
import { confirmAll, type Scope } from "./requests.ts";

interface Properties {
  /** How many delays have ended and have no edit. */
  open: number;
  scope: () => Scope;
  done: (confirmed: number) => void;
}

export function ConfirmAll({ open, scope, done }: Properties) {
  const [asked, setAsked] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setAsked(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  const label = open === 1 ? "the found cause" : `all ${fixed(open)} found causes`;
  return (
    <div>
      <button type="button" ref={button} hidden={open === 0 || asked} onClick={() => setAsked(true)}>
        {`✓ Confirm ${label}`}
      </button>
      {asked ? <NameForm scope={scope} done={done} close={close} /> : null}
    </div>
  );
}

function NameForm({ scope, done, close }: Omit<Properties, "open"> & { close: () => void }) {
  const [problem, setProblem] = useState("");
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => name.current?.focus(), []);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const by = name.current?.value.trim() ?? "";
    if (by === "") {
      setProblem("✕ Say who you are first.");
      name.current?.focus();
      return;
    }
    saveName(by);
    const result = await confirmAll(scope(), by);
    if (!result.ok) {
      setProblem(`✕ ${result.message}`);
      return;
    }
    close();
    done(result.value);
  };
  return (
    <form class="confirm-all" noValidate onSubmit={(event) => void send(event)}>
      <input type="text" ref={name} maxLength={LONGEST_NAME} autocomplete="name" placeholder="your name" aria-label="Your name" defaultValue={savedName()} />
      <button type="submit" class="main">
        Confirm
      </button>
      <button type="button" onClick={close}>
        Cancel
      </button>
      <span class="problem" role="alert">
        {problem}
      </span>
    </form>
  );
}
