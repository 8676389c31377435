/** A button that asks once more: what it does cannot be taken back. */

import { useState } from "preact/hooks";
import type { Result } from "../../shared/api/client.ts";

interface Properties {
  className: string;
  text: string;
  /** Does it, after the second click. */
  once: () => Promise<Result<unknown>>;
}

export function ConfirmedButton({ className, text, once }: Properties) {
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState("");
  const click = async (): Promise<void> => {
    if (!asked) {
      setAsked(true);
      return;
    }
    setAsked(false);
    const result = await once();
    setProblem(result.ok ? "" : result.message);
  };
  return (
    <>
      <button type="button" class={className} onClick={() => void click()} onBlur={() => setAsked(false)}>
        {asked ? `Really: ${text.toLowerCase()}` : text}
      </button>
      {problem === "" ? null : <span class="problem">{`✕ ${problem}`}</span>}
    </>
  );
}
