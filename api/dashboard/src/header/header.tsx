/** The head of the page: menu, terminal, event time and how far it is behind, connection. */

import type { Page } from "../shared/routing/page.ts";
import { useSession } from "../shared/live/context.ts";
import { ConnectionState } from "./connection-state.tsx";
import { EventTime } from "./event-time.tsx";

export function Header({ pages }: { pages: readonly Page[] }) {
  return (
    <header class="head" id="head">
      <h1>quaystream</h1>
      <Menu pages={pages} />
      <TerminalChoice />
      <EventTime />
      <ConnectionState />
    </header>
  );
}

function Menu({ pages }: { pages: readonly Page[] }) {
  const { terminal, router } = useSession();
  return (
    <nav class="views" aria-label="Parts of the page">
      {pages.map(({ route, title }) => (
        <a
          key={route.view}
          id={`to-${route.view}`}
          href={terminal.value === "" ? "#/" : route.link(route.entry(terminal.value))}
          aria-current={route.view === router.page.value.view ? "page" : undefined}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}

/** The terminals there are; with one there is nothing to choose. */
function TerminalChoice() {
  const session = useSession();
  const chosen = session.terminal.value;
  const listed = session.terminals.value.map((one) => one.terminal).sort();
  const names = chosen === "" || listed.includes(chosen) ? listed : [chosen, ...listed];
  if (names.length < 2) {
    return (
      <div class="terminal">
        <span class="unseen">Terminal </span>
        <b>{chosen || "no terminal yet"}</b>
      </div>
    );
  }
  return (
    <div class="terminal">
      <select aria-label="Terminal" value={chosen} onChange={(event) => session.open(event.currentTarget.value)}>
        {names.map((one) => (
          <option key={one} value={one} selected={one === chosen}>
            {one}
          </option>
        ))}
      </select>
    </div>
  );
}
