import { pattern } from "../shared/routing/pattern.ts";
import { SPAN } from "../shared/span/span.ts";

/** Energy and CO2 of a terminal, live or over a span; `of` is what the chart shows. */
export const energyRoute = pattern("energy/:terminal", "of?", ...SPAN);
export type EnergyRoute = ReturnType<typeof energyRoute.entry>;
