/** The users there are, and what an admin does about one. */

import { principal } from "../../shared/access/principal.ts";
import type { Result } from "../../shared/api/client.ts";
import { dayMinute } from "../../shared/format/times.ts";
import { Head } from "../../shared/table/table.tsx";
import { ConfirmedButton } from "./confirmed-button.tsx";
import { disableUser, renewPassword, type SetPassword, type User } from "./user.ts";

/** @param set is called after each change, with the password where one was generated. */
export function UserTable({ users, set }: { users: readonly User[]; set: (password: SetPassword | null) => void }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Users">
      <table class="users">
        <Head names={["Name", "Role", "Terminal", "Added", "Password set", "Last used", "State", ""]} />
        <tbody>
          {users.map((one) => (
            <tr key={one.name} data-state={one.disabledMs === null ? "in force" : "disabled"}>
              <th scope="row">{one.name}</th>
              <td>{one.role}</td>
              <td>{one.terminal ?? "all"}</td>
              <td>{dayMinute(one.addedMs)}</td>
              <td>{dayMinute(one.passwordSetMs)}</td>
              <td>{dayMinute(one.usedMs)}</td>
              <td>{one.disabledMs === null ? "in force" : `disabled ${dayMinute(one.disabledMs)}`}</td>
              <td class="actions">{one.disabledMs !== null || one.name === principal.value?.name ? null : <Actions user={one} set={set} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Actions({ user, set }: { user: User; set: (password: SetPassword | null) => void }) {
  const renew = async (): Promise<Result<unknown>> => {
    const result = await renewPassword(user);
    if (result.ok) set(result.value);
    return result;
  };
  const disable = async (): Promise<Result<unknown>> => {
    const result = await disableUser(user);
    if (result.ok) set(null);
    return result;
  };
  return (
    <>
      <ConfirmedButton className="renew" text="New password" once={renew} />
      <ConfirmedButton className="disable" text="Disable" once={disable} />
    </>
  );
}
