/** Starts the page: chooses a terminal, joins its live feed, and draws what changes. */

import "uplot/dist/uPlot.min.css";
import "./shared/style/base.css";
import "./shared/style/controls.css";
import "./styles.ts";
import { effect } from "@preact/signals";
import { render } from "preact";
import { firstToken } from "./access/first-token.ts";
import { App } from "./app.tsx";
import { PAGES, PANELS } from "./pages.ts";
import { readPrincipal } from "./shared/access/principal.ts";
import { setTerminalZone } from "./shared/format/shown-zone.ts";
import { pollQuarantine, pollTerminals, pollWindows } from "./shared/live/polling.ts";
import { Session } from "./shared/live/session.ts";
import { Router } from "./shared/routing/router.ts";

const router = new Router(
  PAGES.map((one) => one.route),
  PANELS.map((one) => one.route),
);
const session = new Session(router);

/** The window of KPI values that page and panel need beside the main ones. */
function neededWindow(): "shift" | "all" | null {
  const route = router.panel.value;
  const panel = PANELS.find((one) => one.route.view === route?.view);
  if (route !== null && panel?.needsAllWindows(route, session.data.value)) return "all";
  return PAGES.find((one) => one.route.view === router.page.value.view)?.window ?? null;
}

effect(() => setTerminalZone(session.listed?.timeZone ?? null));
window.addEventListener("hashchange", () => {
  if (firstToken(location.hash) !== null) location.reload(); // it was opened where the page was open already
  session.followLink();
});
render(<App session={session} pages={PAGES} panels={PANELS} />, document.getElementById("app")!);
void readPrincipal();
void session.readCatalogue();
void pollTerminals(session);
pollWindows(session, neededWindow);
pollQuarantine(session);
