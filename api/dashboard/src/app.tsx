/** The page: header, the page that the address names, the panel beside it. */

import { Fragment } from "preact";
import { useEffect } from "preact/hooks";
import { First } from "./access/first.tsx";
import { firstToken } from "./access/first-token.ts";
import { Login } from "./access/login.tsx";
import { Header } from "./header/header.tsx";
import { locked } from "./shared/api/client.ts";
import { zoneId } from "./shared/format/shown-zone.ts";
import { SessionContext } from "./shared/live/context.ts";
import type { Session } from "./shared/live/session.ts";
import type { Page, Panel } from "./shared/routing/page.ts";
import type { AnyRoute } from "./shared/routing/pattern.ts";
import { Tooltip } from "./shared/tooltip/tooltip.tsx";

interface Properties {
  session: Session;
  pages: readonly Page[];
  panels: readonly Panel[];
}

/** As the page was opened: the router then changes the link. */
const token = firstToken(location.hash);

export function App({ session, pages, panels }: Properties) {
  const { router } = session;
  const [route, open] = [router.page.value, router.panel.value];
  useEffect(() => {
    document.body.dataset["view"] = route.view;
  }, [route.view]);
  if (token !== null) return <First token={token} />;
  if (locked.value) return <Login />;
  return (
    <SessionContext.Provider value={session}>
      <Header pages={pages} />
      {/* Drawn anew in another zone: plots on canvases and what is kept between draws hold times too. */}
      <Fragment key={zoneId.value}>
        {pages.map((page) => {
          const shown = page.route.view === route.view;
          return shown || page.kept ? <Frame key={page.route.view} page={page} route={shown ? route : null} /> : null;
        })}
        {panels.map((panel) => (
          <panel.Component key={panel.route.view} route={panel.route.view === open?.view ? open : null} close={() => router.closePanel()} />
        ))}
      </Fragment>
      <Tooltip />
    </SessionContext.Provider>
  );
}

/** @param route null: another page is shown. */
function Frame({ page, route }: { page: Page; route: AnyRoute | null }) {
  const { view } = page.route;
  return (
    <main id={`view-${view}`} class={page.className ?? `view ${view}-view`} hidden={route === null}>
      <page.Component route={route ?? page.route.entry("")} />
    </main>
  );
}
