import { pattern } from "../shared/routing/pattern.ts";

/** Delays of all cranes, or of one. */
export const stopsRoute = pattern("stops/:terminal/:device?");
export type StopsRoute = ReturnType<typeof stopsRoute.entry>;
