/** The head of the page: menu, terminal, event time and how far it is behind, connection. */

import { useEffect, useRef } from "preact/hooks";
import type { Page } from "../shared/routing/page.ts";
import { useSession } from "../shared/live/context.ts";
import { withSpanOf } from "../shared/span/span.ts";
import { ConnectionState } from "./connection-state.tsx";
import { EventTime } from "./event-time.tsx";
import { LoggedIn } from "./principal.tsx";

export function Header({ pages }: { pages: readonly Page[] }) {
  return (
    <header class="head" id="head">
      <h1>quaystream</h1>
      <Menu pages={pages} />
      <TerminalChoice />
      <EventTime />
      <ConnectionState />
      <LoggedIn />
    </header>
  );
}

/** From a page over a span the links lead to the same span of other pages. */
function Menu({ pages }: { pages: readonly Page[] }) {
  const { terminal, router } = useSession();
  const shown = router.page.value;
  const nav = useRef<HTMLElement>(null);
  // On a phone the menu is wider than the window.
  useEffect(() => nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [shown.view]);
  return (
    <nav class="views" aria-label="Parts of the page" ref={nav}>
      {pages.filter((one) => one.beside !== true).map(({ route, title }) => (
        <a
          key={route.view}
          id={`to-${route.view}`}
          href={terminal.value === "" ? "#/" : route.link(withSpanOf(route.entry(terminal.value), shown))}
          aria-current={route.view === shown.view ? "page" : undefined}
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
        <b>{chosen || (session.none ? "no terminal yet" : "")}</b>
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
