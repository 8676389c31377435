import { pattern } from "../shared/routing/pattern.ts";
import { SPAN } from "../shared/span/span.ts";

/** Containers that a search finds, or one of them, live or over a span. */
export const containersRoute = pattern("containers/:terminal/:container?", "q?", "state?", ...SPAN);
export type ContainersRoute = ReturnType<typeof containersRoute.entry>;
