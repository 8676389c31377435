import { pattern } from "../shared/routing/pattern.ts";

/** All KPIs of one subject, or of the terminal. */
export const figuresRoute = pattern("figures/:terminal/:subject?");
export type FiguresRoute = ReturnType<typeof figuresRoute.entry>;
