export { type StopsRoute, stopsRoute } from "../shared/routing/links.ts";
