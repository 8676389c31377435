/** Who looks: whoever has logged in, and how to leave; users come to their password by it, admins to users, keys and audit log. */

import { logOut, principal } from "../shared/access/principal.ts";
import { useSession } from "../shared/live/context.ts";
import { accessRoute } from "../shared/routing/links.ts";

export function LoggedIn() {
  const { terminal } = useSession();
  const found = principal.value;
  if (found === null || found.role === "") return null;
  const access = (found.role === "admin" || found.kind === "user") && terminal.value !== "" ? accessRoute.link(accessRoute.entry(terminal.value)) : null;
  if (found.name === null) {
    return access === null ? null : (
      <a class="principal" href={access}>
        Access
      </a>
    );
  }
  return (
    <div class="principal" title={`Logged in as ${found.name}, ${found.role}`}>
      {access === null ? <span>{found.name}</span> : <a href={access}>{found.name}</a>}
      <button
        type="button"
        onClick={() => {
          void logOut().then(() => location.reload());
        }}
      >
        Log out
      </button>
    </div>
  );
}
