/** Links that lead from one page to another: to cycles of a crane, to a plug or vehicle, to figures, and to what a KPI value is made of. */

import { type Bounds, SPAN, withSpan } from "../span/span.ts";
import { pattern } from "./pattern.ts";

/** The last cycles of a crane, or one of them among its neighbours. */
export const craneRoute = pattern("crane/:terminal/:device?/:lockedAt?time");
export type CraneRoute = ReturnType<typeof craneRoute.entry>;

/** Plugs of a terminal, and the temperatures of one; live or over a span. What is filtered stands in the link too. */
export const reefersRoute = pattern("reefers/:terminal/:device?", ...SPAN, "rack?", "state?", "find?", "colour?");
export type ReefersRoute = ReturnType<typeof reefersRoute.entry>;

/** The gate of a terminal: queue, turn times, lanes and trucks inside, live or over a span; the trucks of one lane, and the visit of one of them. */
export const gateRoute = pattern("gate/:terminal/:lane?/:arrived?time", ...SPAN);
export type GateRoute = ReturnType<typeof gateRoute.entry>;

/** Containers that a search finds, or one of them, live or over a span. */
export const containersRoute = pattern("containers/:terminal/:container?", "q?", "state?", ...SPAN);
export type ContainersRoute = ReturnType<typeof containersRoute.entry>;

/** Vehicles of a terminal, or one of them, live or over a span. */
export const vehiclesRoute = pattern("vehicles/:terminal/:device?", ...SPAN);
export type VehiclesRoute = ReturnType<typeof vehiclesRoute.entry>;

/** Delays of all cranes, or of one, live or over a span. */
export const stopsRoute = pattern("stops/:terminal/:device?", ...SPAN);
export type StopsRoute = ReturnType<typeof stopsRoute.entry>;

/** Users, keys and the audit log. */
export const accessRoute = pattern("access/:terminal");

/** All KPIs of one subject, or of the terminal. */
export const figuresRoute = pattern("figures/:terminal/:subject?");
export type FiguresRoute = ReturnType<typeof figuresRoute.entry>;

/** What a KPI value is made of: of a window, now or at a time. */
export const explainRoute = pattern("kpi/:terminal/:kpi/:subject?", "window?", "at?time");
export type ExplainRoute = ReturnType<typeof explainRoute.entry>;

/** Link to one cycle of a crane; null: to its last ones. */
export function cycleLink(terminal: string, device: string, lockedAt: number | null): string {
  return craneRoute.link({ view: "crane", terminal, device, lockedAt });
}

/** Link to the temperatures of a plug in a span. */
export function plugLink(terminal: string, device: string, bounds: Bounds): string {
  return reefersRoute.link(withSpan({ ...reefersRoute.entry(terminal), device }, bounds));
}

/** Link to what a vehicle did in a span. */
export function vehicleLink(terminal: string, device: string, bounds: Bounds): string {
  return vehiclesRoute.link(withSpan({ ...vehiclesRoute.entry(terminal), device }, bounds));
}

/** Link to the trucks of a lane in a span. */
export function laneLink(terminal: string, lane: string, bounds: Bounds): string {
  return gateRoute.link(withSpan({ ...gateRoute.entry(terminal), lane }, bounds));
}

/** Link to all that is known of a container. */
export function boxLink(terminal: string, container: string): string {
  return containersRoute.link({ ...containersRoute.entry(terminal), container });
}

/** Link to what the value of a KPI is made of now. */
export function kpiLink(terminal: string, kpi: string, subject: string, window: string | null = null): string {
  return explainRoute.link({ view: "kpi", terminal, kpi, subject, window, at: null });
}

/** Link to all KPIs of a subject. */
export function figuresLink(terminal: string, subject: string): string {
  return figuresRoute.link({ view: "figures", terminal, subject });
}
