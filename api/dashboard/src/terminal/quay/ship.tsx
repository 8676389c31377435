/** Ship, water and quay: the still part of the drawing. */

import { Face, Line } from "./shapes.tsx";
import type { Layout } from "./layout.ts";
import type { Projection } from "./projection.ts";

const HULL_M = { near: 5, far: 50, deck: 13 };
const BAY_PX = 15;
const GAP_PX = 3;

/** Heights of the stacks on deck, in tiers; drawing only, no telemetry has them. */
const TIERS = [3, 4, 5, 5, 4, 6, 5, 3, 5, 6, 6, 4, 5, 3, 6, 5, 4, 4, 6, 5];
const TIER_M = 2.6;

interface Still {
  layout: Layout;
  projection: Projection;
}

export function Backdrop({ layout, projection }: Still) {
  const edge = layout.quayY + projection.at(0, 3.5, 0).y;
  const waves: number[] = [];
  for (let y = edge - 12; y > 20; y -= 17) waves.push(y);
  const rails = [0, -30].map((acrossM) => (layout.quayY + projection.at(0, acrossM, 0).y).toFixed(1));
  return (
    <g>
      <rect class="water" x={0} y={0} width={layout.width} height={edge} />
      <g class="waves">
        {waves.map((y) => (
          <path d={`M0 ${y.toFixed(1)}H${layout.width}`} stroke-dashoffset={(y * 13) % 97} />
        ))}
      </g>
      <rect class="apron" x={0} y={edge} width={layout.width} height={layout.height - edge} />
      <rect class="quay-wall" x={0} y={edge} width={layout.width} height={3} />
      <g>
        {rails.map((y) => (
          <path class="rail" d={`M0 ${y}H${layout.width}`} />
        ))}
      </g>
    </g>
  );
}

/** A container ship alongside, from stern (left) to bow. */
export function Ship({ layout, projection }: Still) {
  const [stern, bow] = [layout.quay.low - 34, layout.quay.high + 6];
  const bridgeBay = Math.max(1, Math.floor((bow - 40 - stern) / (BAY_PX + GAP_PX) / 4));
  const bays: number[] = [];
  for (let x = stern + 8; x + BAY_PX < bow - 34; x += BAY_PX + GAP_PX) bays.push(x);
  return (
    <g class="ship" transform={`translate(0 ${layout.quayY.toFixed(1)})`}>
      <Hull stern={stern} bow={bow} projection={projection} />
      <g>
        {bays.map((x, bay) =>
          bay === bridgeBay ? <Bridge x={x} projection={projection} /> : <Stack x={x} heightM={TIERS[bay % TIERS.length]! * TIER_M} projection={projection} />,
        )}
      </g>
    </g>
  );
}

function Hull({ stern, bow, projection }: { stern: number; bow: number; projection: Projection }) {
  const { near, far, deck } = HULL_M;
  const tip = bow + 26;
  const middle = (near + far) / 2;
  return (
    <g>
      <Face
        class="hull-deck"
        projection={projection}
        points={[[stern, near, deck], [bow - 30, near, deck], [tip, middle, deck + 3], [bow - 30, far, deck], [stern, far, deck]]}
      />
      <Face
        class="hull-side"
        projection={projection}
        points={[[stern, near, -1], [bow - 34, near, -1], [tip - 16, middle, -1], [tip, middle, deck + 3], [bow - 30, near, deck], [stern, near, deck]]}
      />
      <Line class="hull-line" projection={projection} points={[[stern, near, 4], [bow - 32, near, 4], [tip - 11, middle, 5]]} />
    </g>
  );
}

/** The three faces of a box that stands on deck. */
function Faces({ x, widthPx, heightM, projection }: { x: number; widthPx: number; heightM: number; projection: Projection }) {
  const [near, far, low] = [HULL_M.near + 2, HULL_M.far - 2, HULL_M.deck];
  const [end, top] = [x + widthPx, low + heightM];
  return (
    <>
      <Face class="side" projection={projection} points={[[end, near, low], [end, far, low], [end, far, top], [end, near, top]]} />
      <Face class="top" projection={projection} points={[[x, near, top], [end, near, top], [end, far, top], [x, far, top]]} />
      <Face class="front" projection={projection} points={[[x, near, low], [end, near, low], [end, near, top], [x, near, top]]} />
    </>
  );
}

function Stack({ x, heightM, projection }: { x: number; heightM: number; projection: Projection }) {
  const near = HULL_M.near + 2;
  const seams: number[] = [];
  for (let up = TIER_M; up < heightM - 0.1; up += TIER_M) seams.push(HULL_M.deck + up);
  return (
    <g class="stack">
      <Faces x={x} widthPx={BAY_PX} heightM={heightM} projection={projection} />
      {seams.map((levelM) => (
        <Line class="seam" projection={projection} points={[[x, near, levelM], [x + BAY_PX, near, levelM]]} />
      ))}
    </g>
  );
}

function Bridge({ x, projection }: { x: number; projection: Projection }) {
  const [near, levelM] = [HULL_M.near + 2, HULL_M.deck + 21];
  return (
    <g class="bridge">
      <Faces x={x} widthPx={BAY_PX - 3} heightM={24} projection={projection} />
      <Line class="windows" projection={projection} points={[[x + 1, near, levelM], [x + BAY_PX - 4, near, levelM]]} />
    </g>
  );
}
