import { pattern } from "../shared/routing/pattern.ts";
import { SPAN } from "../shared/span/span.ts";

/** Plugs of a terminal, and the temperatures of one; live or over a span. What is filtered stands in the link too. */
export const reefersRoute = pattern("reefers/:terminal/:device?", ...SPAN, "rack?", "state?", "find?", "colour?");
export type ReefersRoute = ReturnType<typeof reefersRoute.entry>;
