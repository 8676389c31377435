import { pattern } from "../shared/routing/pattern.ts";
import { SPAN } from "../shared/span/span.ts";

/** Vehicles of a terminal, or one of them, live or over a span. */
export const vehiclesRoute = pattern("vehicles/:terminal/:device?", ...SPAN);
export type VehiclesRoute = ReturnType<typeof vehiclesRoute.entry>;
