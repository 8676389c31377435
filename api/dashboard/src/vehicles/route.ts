export { type VehiclesRoute, vehiclesRoute } from "../shared/routing/links.ts";
