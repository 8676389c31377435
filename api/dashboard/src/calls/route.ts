import { pattern } from "../shared/routing/pattern.ts";

/** Vessel calls, with one of them marked. */
export const callsRoute = pattern("calls/:terminal/:call?");
export type CallsRoute = ReturnType<typeof callsRoute.entry>;
