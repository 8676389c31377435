/** Where an alarm leads: to what it is about, live while it is active, else over the hours around it. */

import type { AnyRoute } from "../shared/routing/pattern.ts";
import { containersRoute, craneRoute, gateRoute, reefersRoute, stopsRoute, vehiclesRoute } from "../shared/routing/links.ts";
import { withSpan } from "../shared/span/span.ts";
import type { Alarm } from "./alarm.ts";

/** How much is shown before an alarm was raised and after it was cleared. [ms] */
const AROUND_MS = 3_600_000;

/** Null: there is no page for it. */
export function alarmLink(terminal: string, alarm: Alarm): string | null {
  const { name, subject, raisedAt, clearedAt } = alarm;
  const bounds = clearedAt === null ? null : { fromMs: raisedAt - AROUND_MS, toMs: clearedAt + AROUND_MS };
  const to = <Route extends AnyRoute>(route: { link: (one: Route) => string }, one: Route): string => route.link(withSpan(one, bounds));
  if (name === "rack_off_power") return to(reefersRoute, { ...reefersRoute.entry(terminal), rack: subject });
  if (name.startsWith("reefer_")) return to(reefersRoute, { ...reefersRoute.entry(terminal), device: subject });
  if (name.startsWith("treatment_")) return containersRoute.link({ ...containersRoute.entry(terminal), container: subject });
  if (name === "crane_fault" || name === "wind_limit") return to(stopsRoute, { ...stopsRoute.entry(terminal), device: subject });
  if (name.startsWith("crane_")) return craneRoute.link({ ...craneRoute.entry(terminal), device: subject });
  if (name === "battery_low") return to(vehiclesRoute, { ...vehiclesRoute.entry(terminal), device: subject });
  return name === "gate_queue" ? to(gateRoute, gateRoute.entry(terminal)) : null;
}
