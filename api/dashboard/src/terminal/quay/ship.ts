/** Ship, water and quay: the still part of the drawing. */

import { s } from "../../shared/dom/dom.ts";
import type { Layout } from "./layout.ts";
import type { Projection } from "./projection.ts";

const HULL_M = { near: 5, far: 50, deck: 13 };
const BAY_PX = 15;
const GAP_PX = 3;

/** Heights of the stacks on deck, in tiers; drawing only, no telemetry tells them. */
const TIERS = [3, 4, 5, 5, 4, 6, 5, 3, 5, 6, 6, 4, 5, 3, 6, 5, 4, 4, 6, 5];
const TIER_M = 2.6;

export function backdrop(layout: Layout, projection: Projection): SVGGElement {
  const edge = layout.quayY + projection.at(0, 3.5, 0).y;
  const water = s("rect", { class: "water", x: 0, y: 0, width: layout.width, height: edge });
  const waves = s("g", { class: "waves" });
  for (let y = edge - 12; y > 20; y -= 17) {
    waves.append(s("path", { d: `M0 ${y.toFixed(1)}H${layout.width}`, "stroke-dashoffset": (y * 13) % 97 }));
  }
  const apron = s("rect", { class: "apron", x: 0, y: edge, width: layout.width, height: layout.height - edge });
  const wall = s("rect", { class: "quay-wall", x: 0, y: edge, width: layout.width, height: 3 });
  return s("g", {}, water, waves, apron, wall, rails(layout, projection));
}

function rails(layout: Layout, projection: Projection): SVGGElement {
  const rail = (acrossM: number): SVGPathElement => {
    const y = (layout.quayY + projection.at(0, acrossM, 0).y).toFixed(1);
    return s("path", { class: "rail", d: `M0 ${y}H${layout.width}` });
  };
  return s("g", {}, rail(0), rail(-30));
}

/** A container ship alongside, from stern (left) to bow. */
export function ship(layout: Layout, projection: Projection): SVGGElement {
  const { near, far, deck } = HULL_M;
  const stern = layout.quay.low - 34;
  const bow = layout.quay.high + 6;
  const tip = bow + 26;
  const middle = (near + far) / 2;
  const face = (name: string, points: [number, number, number][]): SVGPathElement =>
    s("path", { class: name, d: projection.path(points, true) });
  const hull = s(
    "g",
    {},
    face("hull-deck", [[stern, near, deck], [bow - 30, near, deck], [tip, middle, deck + 3], [bow - 30, far, deck], [stern, far, deck]]),
    face("hull-side", [[stern, near, -1], [bow - 34, near, -1], [tip - 16, middle, -1], [tip, middle, deck + 3], [bow - 30, near, deck], [stern, near, deck]]),
    s("path", { class: "hull-line", d: projection.path([[stern, near, 4], [bow - 32, near, 4], [tip - 11, middle, 5]]) }),
  );
  const cargo = s("g", {});
  const bridgeBay = Math.max(1, Math.floor((bow - 40 - stern) / (BAY_PX + GAP_PX) / 4));
  let bay = 0;
  for (let x = stern + 8; x + BAY_PX < bow - 34; x += BAY_PX + GAP_PX, bay += 1) {
    cargo.append(bay === bridgeBay ? bridge(x, projection) : stack(x, TIERS[bay % TIERS.length]! * TIER_M, projection));
  }
  return s("g", { class: "ship", transform: `translate(0 ${layout.quayY.toFixed(1)})` }, hull, cargo);
}

function block(x: number, width: number, heightM: number, projection: Projection, name: string): SVGGElement {
  const [near, far, low] = [HULL_M.near + 2, HULL_M.far - 2, HULL_M.deck];
  const top = low + heightM;
  return s(
    "g",
    { class: name },
    s("path", { class: "side", d: projection.path([[x + width, near, low], [x + width, far, low], [x + width, far, top], [x + width, near, top]], true) }),
    s("path", { class: "top", d: projection.path([[x, near, top], [x + width, near, top], [x + width, far, top], [x, far, top]], true) }),
    s("path", { class: "front", d: projection.path([[x, near, low], [x + width, near, low], [x + width, near, top], [x, near, top]], true) }),
  );
}

function stack(x: number, heightM: number, projection: Projection): SVGGElement {
  const drawn = block(x, BAY_PX, heightM, projection, "stack");
  for (let up = TIER_M; up < heightM - 0.1; up += TIER_M) {
    const level = HULL_M.deck + up;
    const near = HULL_M.near + 2;
    drawn.append(s("path", { class: "seam", d: projection.path([[x, near, level], [x + BAY_PX, near, level]]) }));
  }
  return drawn;
}

function bridge(x: number, projection: Projection): SVGGElement {
  const drawn = block(x, BAY_PX - 3, 24, projection, "bridge");
  const [near, level] = [HULL_M.near + 2, HULL_M.deck + 21];
  drawn.append(s("path", { class: "windows", d: projection.path([[x + 1, near, level], [x + BAY_PX - 4, near, level]]) }));
  return drawn;
}
