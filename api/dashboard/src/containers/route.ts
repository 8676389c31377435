export { type ContainersRoute, containersRoute } from "../shared/routing/links.ts";
