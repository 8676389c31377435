/** What the registry holds of each page and panel. */

import type { ComponentType } from "preact";
import type { TerminalData } from "../live/terminal-data.ts";
import type { AnyRoute, Pattern } from "./pattern.ts";

export interface Page<Route extends AnyRoute = AnyRoute> {
  readonly route: Pattern<Route>;
  /** Its entry in the menu. */
  readonly title: string;
  readonly Component: ComponentType<{ route: Route }>;
  /** The window of KPI values that it shows beside the main ones, which the live feed brings. */
  readonly window?: "shift" | "all";
  /** Stays in the document while another page is shown. */
  readonly kept?: true;
  /** Not in the menu: the header leads to it from who looks. */
  readonly beside?: true;
  /** Class of its element; without one `view` and `<name>-view`. */
  readonly className?: string;
}

/** A panel opens beside the page, and leads back to it. */
export interface Panel<Route extends AnyRoute = AnyRoute> {
  readonly route: Pattern<Route>;
  /** Stays in the document; without a route it is closed. */
  readonly Component: ComponentType<{ route: Route | null; close: () => void }>;
  /** Whether it needs the KPI values of all windows. */
  readonly needsAllWindows: (route: Route, data: TerminalData) => boolean;
}

/** The type of the routes of a page or panel is kept beside it, for links to them. */
declare const routeType: unique symbol;
interface Typed<Route> {
  readonly [routeType]?: Route;
}
export type RouteOf<One> = One extends Typed<infer Route> ? NonNullable<Route> : never;

/** A page whose component fits its pattern; the router gives each page only routes of its own pattern. */
export function page<Route extends AnyRoute>(one: Page<Route>): Page & Typed<Route> {
  return one as unknown as Page & Typed<Route>;
}

/** A panel whose component fits its pattern. */
export function panel<Route extends AnyRoute>(one: Panel<Route>): Panel & Typed<Route> {
  return one as unknown as Panel & Typed<Route>;
}
