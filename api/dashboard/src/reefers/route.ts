export { type ReefersRoute, reefersRoute } from "../shared/routing/links.ts";
