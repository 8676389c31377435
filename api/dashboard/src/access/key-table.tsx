/** The keys there are, each with what ends it. */

import { useState } from "preact/hooks";
import { dayMinute } from "../shared/format/times.ts";
import { useSession } from "../shared/live/context.ts";
import { Head } from "../shared/table/table.tsx";
import { type Key, revokeKey, stateOf } from "./key.ts";

export function KeyTable({ keys, changed }: { keys: readonly Key[]; changed: () => void }) {
  const { exactNowMs } = useSession();
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Keys">
      <table class="keys">
        <Head names={["Id", "Name", "Role", "Terminal", "Added", "Expires", "Last used", "State", ""]} />
        <tbody>
          {keys.map((one) => {
            const state = stateOf(one, exactNowMs);
            return (
              <tr key={one.id} data-state={state}>
                <td>{one.id}</td>
                <th scope="row">{one.name}</th>
                <td>{one.role}</td>
                <td>{one.terminal ?? "all"}</td>
                <td>{dayMinute(one.addedMs)}</td>
                <td>{dayMinute(one.expiresMs)}</td>
                <td>{dayMinute(one.usedMs)}</td>
                <td>{state}</td>
                <td>{state === "in force" ? <Revoke revoked={one} changed={changed} /> : null}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Asks once more: whoever has the key is shut out at once. */
function Revoke({ revoked, changed }: { revoked: Key; changed: () => void }) {
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState("");
  const revoke = async (): Promise<void> => {
    const result = await revokeKey(revoked);
    if (result.ok) changed();
    else setProblem(result.message);
  };
  return (
    <>
      <button type="button" onClick={() => (asked ? void revoke() : setAsked(true))} onBlur={() => setAsked(false)}>
        {asked ? "Really revoke" : "Revoke"}
      </button>
      {problem === "" ? null : <span class="problem">{`✕ ${problem}`}</span>}
    </>
  );
}
