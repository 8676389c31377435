import { pattern } from "../shared/routing/pattern.ts";
import { SPAN } from "../shared/span/span.ts";

/** Alarms of a terminal, live or over a span; `state` is one of those in `filters.tsx`. */
export const alarmsRoute = pattern("alarms/:terminal/:state?", ...SPAN);
export type AlarmsRoute = ReturnType<typeof alarmsRoute.entry>;
