/** The accounts there are, each with what it connects with, and how to rotate or end it. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Result } from "../shared/api/client.ts";
import { dayMinute } from "../shared/format/times.ts";
import { Head } from "../shared/table/table.tsx";
import { type Account, type NewCredential, revokeAccount, rotate } from "./account.ts";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
/** How long the old password may hold on. */
const OVERLAPS = [
  ["an hour", HOUR_S],
  ["a day", DAY_S],
  ["a week", 7 * DAY_S],
  ["no longer", 0],
] as const;

interface Changes {
  /** Called with what a rotation has made. */
  made: (credential: NewCredential) => void;
  /** Called with what to do where the broker does not know it yet. */
  revoked: (problem: string | null) => void;
}

export function AccountTable({ accounts, ...changes }: { accounts: readonly Account[] } & Changes) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Accounts of devices">
      <table class="accounts">
        <Head names={["Device", "Type", "Owner", "Client id", "Added", "Last seen", "User names", "State", ""]} />
        <tbody>
          {accounts.map((one) => (
            <tr key={one.name} data-state={one.revokedMs === null ? "in force" : "revoked"}>
              <th scope="row">{one.name}</th>
              <td>{one.type ?? "–"}</td>
              <td>{one.owner ?? "–"}</td>
              <td>{one.clientId}</td>
              <td>{dayMinute(one.addedMs)}</td>
              <td>{dayMinute(one.seenMs)}</td>
              <td>
                {one.credentials.map(({ username, endsMs }) => (
                  <span key={username} class="username">
                    {username}
                    {endsMs === null ? "" : ` until ${dayMinute(endsMs)}`}
                  </span>
                ))}
              </td>
              <td>{one.revokedMs === null ? "in force" : `revoked ${dayMinute(one.revokedMs)}`}</td>
              <td>{one.revokedMs === null ? <Actions name={one.name} {...changes} /> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Each asks once more: whoever uses the old password is shut out, at once or after the overlap. */
function Actions({ name, made, revoked }: { name: string } & Changes) {
  const [asked, setAsked] = useState<"rotate" | "revoke" | null>(null);
  const [problem, setProblem] = useState("");
  const overlap = useRef<HTMLSelectElement>(null);
  const done = <T,>(result: Result<T>, then: (value: T) => void): void => {
    setProblem(result.ok ? "" : result.message);
    if (!result.ok) return;
    setAsked(null);
    then(result.value);
  };
  const confirm = async (): Promise<void> => {
    if (asked === "rotate") done(await rotate(name, Number(overlap.current!.value)), made);
    else done(await revokeAccount(name), revoked);
  };
  return (
    <div class="actions">
      {asked === null ? (
        <>
          <button type="button" onClick={() => setAsked("rotate")}>
            Rotate
          </button>
          <button type="button" onClick={() => setAsked("revoke")}>
            Revoke
          </button>
        </>
      ) : (
        <>
          {asked === "rotate" ? (
            <label>
              <span>The old password holds on for</span>{" "}
              <select ref={overlap}>
                {OVERLAPS.map(([word, seconds]) => (
                  <option key={seconds} value={seconds}>
                    {word}
                  </option>
                ))}
              </select>
            </label>
          ) : null}
          <Asked word={`Really ${asked}`} confirm={() => void confirm()} cancel={() => setAsked(null)} />
        </>
      )}
      {problem === "" ? null : <span class="problem">{`✕ ${problem}`}</span>}
    </div>
  );
}

/** The cursor is on what changes nothing. */
function Asked({ word, confirm, cancel }: { word: string; confirm: () => void; cancel: () => void }) {
  const harmless = useRef<HTMLButtonElement>(null);
  useEffect(() => harmless.current?.focus(), []);
  return (
    <>
      <button type="button" class="confirm" onClick={confirm}>
        {word}
      </button>
      <button type="button" ref={harmless} onClick={cancel}>
        Cancel
      </button>
    </>
  );
}
