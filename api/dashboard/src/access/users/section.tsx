/** Who logs in with a name and a password: added, disabled, given a new password. */

import { signal } from "@preact/signals";
import { usePolled } from "../../shared/api/use-polled.ts";
import { Empty, Failed, Loading } from "../../shared/notice/notice.tsx";
import { type SetPassword, users } from "./user.ts";
import { UserForm } from "./user-form.tsx";
import { UserTable } from "./user-table.tsx";

const EVERY_MS = 10_000;
/** Shown this once. Longer there than the section: with the first user the server asks for a login, and the section goes until it has got it. */
const made = signal<SetPassword | null>(null);

export function UsersSection({ changed }: { changed: () => void }) {
  const shown = usePolled(users, EVERY_MS, []);
  const set = (password: SetPassword | null): void => {
    made.value = password?.password == null ? null : password;
    shown.reload();
    changed();
  };
  return (
    <section class="panel" aria-labelledby="users-title">
      <div class="panel-head">
        <h2 id="users-title">Users</h2>
        <span class="note">people, who log in with name and password</span>
      </div>
      <UserForm added={set} />
      {made.value === null ? null : (
        <p class="made" role="status">
          Password of {made.value.name}. Copy it now, it is not shown again: <code>{made.value.password}</code>
        </p>
      )}
      {shown.failure !== null ? (
        <Failed title="Cannot read the users" message={shown.failure} retry={shown.reload} />
      ) : shown.value === null ? (
        <Loading what="users" />
      ) : shown.value.length === 0 ? (
        <Empty title="No users">The first one must be an admin. From then on, everybody must log in.</Empty>
      ) : (
        <UserTable users={shown.value} set={set} />
      )}
    </section>
  );
}
