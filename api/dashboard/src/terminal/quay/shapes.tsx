/** Lines and faces in the slanted view. */

import type { Place, Projection } from "./projection.ts";

interface Shape {
  class: string;
  projection: Projection;
  points: readonly Place[];
}

export function Line({ class: name, projection, points }: Shape) {
  return <path class={name} d={projection.path(points)} />;
}

export function Face({ class: name, projection, points }: Shape) {
  return <path class={name} d={projection.path(points, true)} />;
}
