/** The grid of reefer plugs: squares as large as the room allows. */

import { useEffect, useRef } from "preact/hooks";
import { useSize } from "../../shared/effects/size.ts";
import { fixed, NOTHING } from "../../shared/format/numbers.ts";
import { duration, moment } from "../../shared/format/times.ts";
import { useSession } from "../../shared/live/context.ts";
import { type Line, tooltips } from "../../shared/tooltip/tooltip.tsx";
import { type Reefer, reeferOf, type ReeferState, STATE_NAMES } from "../../shared/reefers/reefer.ts";
import type { PlugStates } from "./reefers.tsx";

const SMALLEST_PX = 7;
const LARGEST_PX = 32;
/** Squares this large have room for the plug's id. */
const NAMED_PX = 29;

export function PlugGrid({ states }: { states: PlugStates }) {
  const session = useSession();
  const grid = useRef<HTMLDivElement>(null);
  const room = useSize(grid);
  const size = room === null ? LARGEST_PX : squarePx(room.width, room.height, states.size);
  const current = useRef<string | null>(null);
  const first = states.keys().next().value ?? null;
  if (current.current === null || !states.has(current.current)) current.current = first;
  useEffect(() => {
    const style = grid.current?.style;
    style?.setProperty("--plug", `${size}px`);
    style?.setProperty("--gap", `${gapPx(size)}px`);
  }, [size]);
  const lines = (plug: Element) => plugLines(reeferOf(session.data.peek(), plug.getAttribute("data-plug") ?? "", session.exactNowMs), session.exactNowMs);
  return (
    <div
      class={size >= NAMED_PX ? "plugs named" : "plugs"}
      role="group"
      aria-label="Reefers; arrow keys move from one to the next"
      ref={grid}
      onKeyDown={(event) => walk(event, columnsOf(event.currentTarget.clientWidth, size), (id) => (current.current = id))}
      {...tooltips("[data-plug]", lines)}
    >
      {[...states].map(([id, state]) => (
        <Plug key={id} id={id} state={state} first={id === current.current} />
      ))}
    </div>
  );
}

function Plug({ id, state, first }: { id: string; state: ReeferState; first: boolean }) {
  return (
    <span class="plug" data-plug={id} role="img" tabIndex={first ? 0 : -1} data-state={state} aria-label={`${id} ${STATE_NAMES[state]}`}>
      <span aria-hidden="true">{id}</span>
    </span>
  );
}

/** Arrow keys move from plug to plug; only one of them is a stop of the Tab key. */
function walk(event: KeyboardEvent, columns: number, moved: (id: string) => void): void {
  const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  const step = steps[event.key];
  const from = event.target;
  if (step === undefined || !(from instanceof HTMLElement)) return;
  event.preventDefault();
  const plugs = [...from.parentElement!.children];
  const to = plugs[plugs.indexOf(from) + step];
  if (!(to instanceof HTMLElement)) return;
  moved(to.dataset["plug"] ?? "");
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

function columnsOf(width: number, size: number): number {
  return Math.max(1, Math.floor((width + gapPx(size)) / (size + gapPx(size))));
}

/** The largest square of which so many fit. */
function squarePx(width: number, height: number, count: number): number {
  const fitting = (size: number): number => Math.floor((width + gapPx(size)) / (size + gapPx(size))) * Math.floor((height + gapPx(size)) / (size + gapPx(size)));
  let size = LARGEST_PX;
  while (size > SMALLEST_PX && fitting(size) < count) size -= 1;
  return size;
}

/** Small squares stand closer. */
function gapPx(size: number): number {
  return size < 10 ? 1 : 2;
}

function plugLines(reefer: Reefer, nowMs: number): Line[] {
  return [
    `${reefer.id} · ${reefer.containerId ?? "no container"}`,
    ["State", STATE_NAMES[reefer.state] + (reefer.since === null ? "" : `, since ${moment(reefer.since)}`)],
    ["Setpoint", `${fixed(reefer.setpointDegc, 1)} °C`],
    ["Supply air", `${fixed(reefer.supplyDegc, 1)} °C`],
    ["Return air", `${fixed(reefer.returnDegc, 1)} °C`],
    ["Mode", reefer.mode ?? NOTHING],
    ...(reefer.alarms.length > 0 ? [["Alarms", reefer.alarms.join(", ")] as const] : []),
    ["Last sample", reefer.time === null ? NOTHING : `${duration(nowMs - reefer.time)} ago`],
  ];
}
