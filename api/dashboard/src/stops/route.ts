import { pattern } from "../shared/routing/pattern.ts";
import { SPAN } from "../shared/span/span.ts";

/** Delays of all cranes, or of one, live or over a span. */
export const stopsRoute = pattern("stops/:terminal/:device?", ...SPAN);
export type StopsRoute = ReturnType<typeof stopsRoute.entry>;
