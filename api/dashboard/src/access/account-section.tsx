/** Accounts of devices: who connects to the broker as what. */

import { useState } from "preact/hooks";
import { principal } from "../shared/access/principal.ts";
import { usePolled } from "../shared/api/use-polled.ts";
import { Empty, Failed, Loading } from "../shared/notice/notice.tsx";
import { accounts, type NewCredential } from "./account.ts";
import { AccountForm } from "./account-form.tsx";
import { AccountTable } from "./account-table.tsx";
import { MadeCredential, Problem } from "./made-credential.tsx";

const EVERY_MS = 10_000;

/** @param changed called after each change. */
export function AccountSection({ changed }: { changed: () => void }) {
  const terminal = principal.value?.terminal ?? null;
  const shown = usePolled(() => accounts(terminal), EVERY_MS, [terminal]);
  const [made, setMade] = useState<NewCredential | null>(null);
  /** Of the last revocation; the row itself has nothing more to do then. */
  const [problem, setProblem] = useState<string | null>(null);
  const after = (credential: NewCredential | null, unknown: string | null): void => {
    setMade(credential);
    setProblem(unknown);
    shown.reload();
    changed();
  };
  return (
    <section class="panel" aria-labelledby="accounts-title">
      <div class="panel-head">
        <h2 id="accounts-title">Accounts of devices</h2>
        <span class="note">what devices connect to the broker with</span>
      </div>
      <AccountForm made={(credential) => after(credential, null)} />
      {made === null ? null : <MadeCredential key={made.username} made={made} close={() => setMade(null)} />}
      {problem === null ? null : <Problem text={problem} />}
      {shown.failure !== null ? <Failed title="Cannot read the accounts" message={shown.failure} retry={shown.reload} /> : null}
      {shown.value === null ? (
        shown.failure === null ? <Loading what="accounts" /> : null
      ) : shown.value.length === 0 ? (
        <Empty title="No accounts">A device with an account of its own speaks for itself only. Others share that of the integrator.</Empty>
      ) : (
        <AccountTable accounts={shown.value} made={(credential) => after(credential, null)} revoked={(unknown) => after(null, unknown)} />
      )}
    </section>
  );
}
