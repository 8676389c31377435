export { type GateRoute, gateRoute } from "../shared/routing/links.ts";
