/** Whether the page is connected, and when it tries to connect next. */

import { useSession } from "../shared/live/context.ts";

const TITLES = { connecting: "Connecting…", connected: "Connected", waiting: "Disconnected – retrying" };

export function ConnectionState() {
  const { state } = useSession().connection.value;
  return (
    <div class="link">
      <span class="connection" role="status" aria-live="polite" data-state={state}>
        {TITLES[state]}
      </span>
      <NextAttempt />
    </div>
  );
}

function NextAttempt() {
  const session = useSession();
  const connection = session.connection.value;
  if (connection.state !== "waiting") return <span class="retry" />;
  void session.nowMs; // counts down each second
  const seconds = Math.ceil((connection.untilMs - Date.now()) / 1000);
  return <span class="retry">{seconds > 0 ? `in ${seconds} s` : ""}</span>;
}
