import { pattern } from "../shared/routing/pattern.ts";
import { SPAN } from "../shared/span/span.ts";

/** The gate of a terminal: queue, turn times, lanes and trucks inside, live or over a span. */
export const gateRoute = pattern("gate/:terminal", ...SPAN);
export type GateRoute = ReturnType<typeof gateRoute.entry>;
