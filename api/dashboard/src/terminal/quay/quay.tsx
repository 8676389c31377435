/** The drawing of the terminal: ship, quay cranes, yard blocks. Laid out again when its make-up changes, else only moved. */

import { useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { type Crane, craneOf, craneSide } from "../../shared/cranes/crane.ts";
import { useSize } from "../../shared/effects/size.ts";
import { useSession } from "../../shared/live/context.ts";
import { cycleLink, kpiLink } from "../../shared/routing/links.ts";
import { tooltips } from "../../shared/tooltip/tooltip.tsx";
import { craneLines } from "./crane-lines.ts";
import { Animation } from "./motion.ts";
import { type Extent, Scene } from "./scene.ts";
import { Backdrop, Ship } from "./ship.tsx";
import { quayProjection, StsCrane, StsLabel } from "./sts-crane.tsx";
import { YardBlock } from "./yard-block.tsx";

/** The id to show in hints while there is no terminal at all. */
const EXAMPLE_TERMINAL = "demo";
const reducedMotion = "(prefers-reduced-motion: reduce)";

export function Quay() {
  const session = useSession();
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const shape = useShape();
  const scene = useMemo(() => {
    if (size === null || size.width === 0) return null;
    const { quay, yard } = JSON.parse(shape) as Record<"quay" | "yard", string[]>;
    return new Scene(size.width, size.height, quay, yard, performance.now());
  }, [size?.width, size?.height, shape]);
  useAnimation(scene);
  const empty = scene !== null && scene.motions.length === 0;
  const terminal = session.terminal.value;
  const lines = (part: Element) => {
    const id = part.getAttribute("data-crane") ?? "";
    return craneLines(craneOf(session.data.peek(), id, session.exactNowMs), session.exactNowMs);
  };
  return (
    <div
      class="quay"
      id="quay"
      ref={host}
      onClick={(event) => follow(event, terminal)}
      onKeyDown={(event) => {
        if (event.key === "Enter") follow(event, terminal);
      }}
      {...tooltips("[data-crane]", lines)}
    >
      {scene === null ? null : <Drawing scene={scene} />}
      {empty ? <Hint terminal={terminal || EXAMPLE_TERMINAL} /> : null}
    </div>
  );
}

/** Which cranes stand at the quay and in the yard, as text: the same cranes are the same shape. */
function useShape(): string {
  const session = useSession();
  return useComputed(() => {
    const data = session.data.value;
    const ids = data.ids("crane");
    const on = (side: string): string[] => ids.filter((id) => craneSide(data, id) === side);
    return JSON.stringify({ quay: on("quay"), yard: on("yard") });
  }).value;
}

/** Let the cranes of a scene follow their samples. */
function useAnimation(scene: Scene | null): void {
  const session = useSession();
  const animation = useMemo(() => new Animation(), []);
  const extent = useRef<Extent>({ quay: null, yard: null });
  const data = session.data.value;
  useEffect(() => {
    extent.current = { quay: null, yard: null };
  }, [data]);
  const aim = (): void => {
    const data = session.data.value;
    if (scene === null) return;
    const [nowMs, frameMs] = [session.nowMs, performance.now()];
    const cranes = data.ids("crane").map((id): Crane => craneOf(data, id, nowMs));
    scene.aim(cranes, extent.current, frameMs, document.hidden || matchMedia(reducedMotion).matches);
    animation.run(scene.motions);
  };
  const current = useRef(aim);
  current.current = aim;
  useSignalEffect(() => current.current());
  useEffect(() => aim(), [scene, data]);
  useEffect(() => {
    const seen = (): void => current.current();
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      animation.stop();
    };
  }, []);
}

function Drawing({ scene }: { scene: Scene }) {
  const { layout } = scene;
  const projection = quayProjection(layout);
  const [quay, yard] = [[...scene.quay], [...scene.yard]];
  return (
    <svg viewBox={`0 0 ${layout.width} ${layout.height}`} width={layout.width} height={layout.height} role="group" aria-label="Cranes">
      <Backdrop layout={layout} projection={projection} />
      <Ship layout={layout} projection={projection} />
      {quay.map(([id, motion]) => (
        <StsCrane key={`crane ${id}`} id={id} layout={layout} motion={motion} />
      ))}
      {quay.map(([id, motion]) => (
        <StsLabel key={`label ${id}`} id={id} layout={layout} motion={motion} />
      ))}
      {yard.map(([id, { place, motion }]) => (
        <YardBlock key={`block ${id}`} id={id} place={place} motion={motion} />
      ))}
    </svg>
  );
}

function Hint({ terminal }: { terminal: string }) {
  return (
    <div class="hint">
      <p>
        <strong>No cranes yet</strong>
      </p>
      <p>Publish a sample and the crane appears here. The topic is</p>
      <p>
        <code>{`port/${terminal}/crane/<id>/telemetry`}</code>
      </p>
    </div>
  );
}

/** A crane leads to its cycles, its rate to what the rate is made of. */
function follow(event: Event, terminal: string): void {
  const target = event.target instanceof Element ? event.target : null;
  const id = target?.closest("[data-crane]")?.getAttribute("data-crane");
  if (id === null || id === undefined) return;
  location.hash = target?.closest(".rate") ? kpiLink(terminal, "gross_crane_rate", id) : cycleLink(terminal, id, null);
}
