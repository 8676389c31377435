/** Who may do what, and who did what: one's own password; for admins users, keys, accounts of devices and the audit log. */

import { principal } from "../shared/access/principal.ts";
import { usePolled } from "../shared/api/use-polled.ts";
import { dayMinute } from "../shared/format/times.ts";
import { zoneTitle } from "../shared/format/shown-zone.ts";
import { Empty, Failed, Loading } from "../shared/notice/notice.tsx";
import { Head } from "../shared/table/table.tsx";
import { AccountSection } from "./account-section.tsx";
import { audit, type Entry } from "./audit.ts";
import { keys } from "./key.ts";
import { KeyForm } from "./key-form.tsx";
import { KeyTable } from "./key-table.tsx";
import { OwnPassword } from "./users/own-password.tsx";
import { UsersSection } from "./users/section.tsx";

const EVERY_MS = 10_000;

export function AccessPage() {
  const looking = principal.value;
  if (looking === null) return <Loading what="access" />;
  return (
    <>
      {looking.kind === "user" ? <OwnPassword /> : null}
      {looking.role === "admin" ? <Administration /> : looking.kind === "user" ? null : <Empty title="For admins">Users, keys and the audit log are for admins.</Empty>}
    </>
  );
}

function Administration() {
  const shown = usePolled(keys, EVERY_MS, []);
  const log = usePolled(audit, EVERY_MS, []);
  const looking = principal.value?.kind;
  const changed = (): void => {
    shown.reload();
    log.reload();
  };
  return (
    <>
      <UsersSection changed={log.reload} />
      <section class="panel" aria-labelledby="keys-title">
        <div class="panel-head">
          <h2 id="keys-title">Keys</h2>
          <span class="note">{`for programs. Times in ${zoneTitle()}.`}</span>
        </div>
        <KeyForm added={changed} />
        <State shown={shown} what="keys" />
        {shown.value === null ? null : shown.value.length === 0 ? (
          <Empty title="No keys">{looking === "local" ? "Everybody on this machine is admin. From the first key or user on, everybody must log in." : "Programs need one each."}</Empty>
        ) : (
          <KeyTable keys={shown.value} changed={changed} />
        )}
      </section>
      <AccountSection changed={log.reload} />
      <section class="panel" aria-labelledby="audit-title">
        <div class="panel-head">
          <h2 id="audit-title">Audit log</h2>
          <span class="note">what people changed, newest first</span>
        </div>
        <State shown={log} what="audit log" />
        {log.value === null ? null : log.value.length === 0 ? <Empty title="Nothing yet">Each change that somebody makes stands here.</Empty> : <AuditTable entries={log.value} />}
      </section>
    </>
  );
}

/** What stands there while nothing was read, or where reading fails. */
function State({ shown, what }: { shown: { value: unknown; failure: string | null; reload: () => void }; what: string }) {
  if (shown.failure !== null) return <Failed title={`Cannot read the ${what}`} message={shown.failure} retry={shown.reload} />;
  return shown.value === null ? <Loading what={what} /> : null;
}

function AuditTable({ entries }: { entries: readonly Entry[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Audit log">
      <table class="audit">
        <Head names={["Time", "Who", "What", "Subject", "Terminal", "Change"]} />
        <tbody>
          {entries.map((one) => (
            <tr key={one.id}>
              <td>{dayMinute(one.atMs)}</td>
              <td>{one.principal}</td>
              <td>{one.action}</td>
              <td class="subject">{one.subject}</td>
              <td>{one.terminal ?? "–"}</td>
              <td class="changes">
                {one.changes.map(([name, before, after]) => (
                  <span key={name}>
                    {name}: {before === null ? "" : `${before} → `}
                    {after ?? "–"}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
