/** The registry: every page and every panel has its one entry here. */

import { AccessPage } from "./access/page.tsx";
import { AlarmsPage } from "./alarms/page.tsx";
import { alarmsRoute } from "./alarms/route.ts";
import { CallsPage } from "./calls/page.tsx";
import { callsRoute } from "./calls/route.ts";
import { ContainersPage } from "./containers/page.tsx";
import { containersRoute } from "./containers/route.ts";
import { CranePage } from "./crane/page.tsx";
import { EnergyPage } from "./energy/page.tsx";
import { energyRoute } from "./energy/route.ts";
import { ExplainPanel, needsAllWindows } from "./explain/panel.tsx";
import { FiguresPage } from "./figures/page.tsx";
import { GatePage } from "./gate/page.tsx";
import { gateRoute } from "./gate/route.ts";
import { accessRoute, craneRoute, explainRoute, figuresRoute } from "./shared/routing/links.ts";
import { type Page, page, type Panel, panel, type RouteOf } from "./shared/routing/page.ts";
import { linkTo, parseLink, pattern } from "./shared/routing/pattern.ts";
import { ReefersPage } from "./reefers/page.tsx";
import { reefersRoute } from "./reefers/route.ts";
import { StopsPage } from "./stops/page.tsx";
import { stopsRoute } from "./stops/route.ts";
import { TerminalPage } from "./terminal/page.tsx";
import { VehiclesPage } from "./vehicles/page.tsx";
import { vehiclesRoute } from "./vehicles/route.ts";

const pages = [
  // Kept, because its charts would have to read six hours of history again.
  page({ route: pattern(""), title: "Terminal", Component: TerminalPage, className: "overview", kept: true }),
  page({ route: alarmsRoute, title: "Alarms", Component: AlarmsPage }),
  page({ route: craneRoute, title: "Cranes", Component: CranePage, window: "shift" }),
  page({ route: stopsRoute, title: "Delays", Component: StopsPage, window: "shift" }),
  page({ route: callsRoute, title: "Calls", Component: CallsPage }),
  page({ route: gateRoute, title: "Gate", Component: GatePage }),
  page({ route: containersRoute, title: "Containers", Component: ContainersPage, window: "shift" }),
  page({ route: reefersRoute, title: "Reefers", Component: ReefersPage }),
  page({ route: vehiclesRoute, title: "Vehicles", Component: VehiclesPage }),
  page({ route: energyRoute, title: "Energy", Component: EnergyPage, window: "shift" }),
  page({ route: figuresRoute, title: "Figures", Component: FiguresPage, window: "all" }),
  page({ route: accessRoute, title: "Access", Component: AccessPage, beside: true }),
];
const panels = [panel({ route: explainRoute, Component: ExplainPanel, needsAllWindows })];

/** Pages in the order of the menu; the first is also shown for a link that cannot be read. */
export const PAGES: readonly Page[] = pages;
export const PANELS: readonly Panel[] = panels;

export type Route = RouteOf<(typeof pages)[number] | (typeof panels)[number]>;
const patterns = [...PAGES, ...PANELS].map((one) => one.route);

/** What a link means. */
export function parse(hash: string): Route {
  return parseLink(patterns, hash) as Route;
}

/** The link to a place; `parse` reads it back. */
export function link(route: Route): string {
  return linkTo(patterns, route);
}
