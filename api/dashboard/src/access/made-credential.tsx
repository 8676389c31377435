/** A credential that was just made, this once, and a command that tries it out. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type NewCredential, tryOut } from "./account.ts";

export function MadeCredential({ made, close }: { made: NewCredential; close: () => void }) {
  const block = useRef<HTMLDivElement>(null);
  useEffect(() => block.current?.focus(), []); // it may stand above the window
  return (
    <div class="credential" role="status" tabIndex={-1} ref={block} aria-label={`Credential of ${made.name}`}>
      <p>
        <strong>{`Account of ${made.name}.`}</strong> Copy the password now, it is not shown again.
      </p>
      <dl>
        <Line name="User name" value={made.username} />
        <Line name="Password" value={made.password} />
        <Line name="Client id" value={made.clientId} />
      </dl>
      {made.problem === null ? null : <Problem text={made.problem} />}
      <p>This connects as the device, and reports it online:</p>
      <Command text={tryOut(made)} />
      <div class="buttons">
        <button type="button" onClick={close}>
          I have copied it
        </button>
      </div>
    </div>
  );
}

function Line({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
      </dd>
    </>
  );
}

/** Where the browser keeps scripts from copying, the text is selected. */
function Command({ text }: { text: string }) {
  const command = useRef<HTMLPreElement>(null);
  const [word, setWord] = useState("Copy");
  const copy = async (): Promise<void> => {
    getSelection()?.selectAllChildren(command.current!);
    try {
      await navigator.clipboard.writeText(text);
      setWord("Copied");
    } catch {
      setWord("Copy the selected text");
    }
  };
  return (
    <div class="command">
      <pre ref={command}>{text}</pre>
      <button type="button" onClick={() => void copy()}>
        {word}
      </button>
    </div>
  );
}

/** That the broker does not know a change, and what to do. */
export function Problem({ text }: { text: string }) {
  return (
    <p class="problem" role="alert">
      {`✕ ${text.charAt(0).toUpperCase()}${text.slice(1)}.`}
    </p>
  );
}
