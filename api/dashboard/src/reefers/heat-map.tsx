/** All plugs by rack, a square each. A rack is drawn again only where one of its squares is another than before. */

import { useMemo } from "preact/hooks";
import { degrees, fixed, NOTHING } from "../shared/format/numbers.ts";
import { moment } from "../shared/format/times.ts";
import { figuresLink } from "../shared/routing/links.ts";
import { STATE_NAMES } from "../shared/reefers/reefer.ts";
import { type Line, tooltips } from "../shared/tooltip/tooltip.tsx";
import { distanceK, heat, type Plug, type Rack } from "./plug.ts";
import { type ReefersRoute, reefersRoute } from "./route.ts";

/** With more plugs squares are smaller. */
const FEW = 300;
const MANY = 1_500;
const COLUMNS = 12;

interface Properties {
  route: ReefersRoute;
  racks: readonly Rack[];
}

export function HeatMap({ route, racks }: Properties) {
  const plugs = useMemo(() => new Map(racks.flatMap((one) => one.plugs.map((plug) => [plug.device, plug] as const))), [racks]);
  const byDistance = route.colour === "distance";
  const open = (target: EventTarget | null): void => {
    const device = target instanceof Element ? target.closest("[data-plug]")?.getAttribute("data-plug") : null;
    if (device !== null && device !== undefined) location.hash = reefersRoute.link({ ...route, device: device === route.device ? null : device });
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(event.target);
    } else walk(event);
  };
  if (plugs.size === 0) return <p class="empty">No plug is like that; choose another filter.</p>;
  const size = plugs.size <= FEW ? "large" : plugs.size <= MANY ? "middle" : "small";
  const first = route.device !== null && plugs.has(route.device) ? route.device : racks[0]!.plugs[0]!.device;
  return (
    <>
      {byDistance ? <HeatLegend /> : null}
      <div
        class="racks"
        data-size={size}
        role="group"
        aria-label="Plugs by rack; arrow keys move from one to the next, Enter shows its temperatures"
        onClick={(event) => open(event.target)}
        onKeyDown={keyDown}
        {...tooltips("[data-plug]", (part) => lines(plugs.get(part.getAttribute("data-plug") ?? "")))}
      >
        {racks.map((one) => (
          <RackBlock key={one.rack} terminal={route.terminal} rack={one} byDistance={byDistance} chosen={route.device} first={first} />
        ))}
      </div>
    </>
  );
}

function RackBlock({ terminal, rack: { rack, plugs }, byDistance, chosen, first }: { terminal: string; rack: Rack; byDistance: boolean; chosen: string | null; first: string }) {
  const wrong = plugs.filter((one) => one.state === "out" || one.state === "unpowered").length;
  const own = (device: string): boolean => plugs.some((one) => one.device === device);
  const seen = plugs.map((one) => `${one.device} ${one.state} ${byDistance ? heat(distanceK(one)) : ""}`).join();
  const marked = `${chosen !== null && own(chosen) ? chosen : ""} ${own(first) ? first : ""}`;
  return useMemo(
    () => (
      <section class="rack" aria-label={`Rack ${rack}`}>
        <h3>
          <a href={figuresLink(terminal, rack)} title="Figures of this rack">
            {rack}
          </a>{" "}
          {wrong > 0 ? <b class="rack-wrong">{wrong}</b> : null}
        </h3>
        <div class="rack-plugs" style={`--columns: ${Math.min(COLUMNS, plugs.length)}`}>
          {plugs.map((one) => (
            <Square key={one.device} plug={one} byDistance={byDistance} chosen={one.device === chosen} stop={one.device === first} />
          ))}
        </div>
      </section>
    ),
    [seen, marked, byDistance],
  );
}

function Square({ plug, byDistance, chosen, stop }: { plug: Plug; byDistance: boolean; chosen: boolean; stop: boolean }) {
  const step = byDistance ? heat(distanceK(plug)) : null;
  const coloured = byDistance ? { "data-heat": step ?? "unknown" } : { "data-state": plug.state };
  return (
    <span class="plug" data-plug={plug.device} role="button" tabIndex={stop ? 0 : -1} aria-pressed={chosen} aria-label={`${plug.device} ${STATE_NAMES[plug.state]}`} {...coloured} />
  );
}

/** Arrow keys move from plug to plug; only one of them is a stop of the Tab key. */
function walk(event: KeyboardEvent): void {
  const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
  const step = steps[event.key];
  const from = event.target;
  if (step === undefined || !(from instanceof HTMLElement)) return;
  event.preventDefault();
  const all = [...from.closest(".racks")!.querySelectorAll<HTMLElement>("[data-plug]")];
  const to = all[all.indexOf(from) + step];
  if (to === undefined) return;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

function HeatLegend() {
  const steps = [-4, -2, -1, 0, 1, 2, 3, 4];
  const words: Record<number, string> = { [-4]: "4 K too cold", 0: "within 0.5 K", 4: "4 K too warm" };
  return (
    <ul class="legend heat-legend" aria-label="Distance of the controlled air from its setpoint">
      {steps.map((step) => (
        <li key={step}>
          <span class="plug" data-heat={step} aria-hidden="true" /> {words[step] ?? ""}
        </li>
      ))}
      <li>
        <span class="plug" data-heat="unknown" aria-hidden="true" /> no air known
      </li>
    </ul>
  );
}

function lines(plug: Plug | undefined): Line[] | null {
  if (plug === undefined) return null;
  const offK = distanceK(plug);
  const minutes = (name: string, value: number): Line[] => (value > 0 ? [[name, `${fixed(value)} min`]] : []);
  return [
    `${plug.device} · ${plug.containerId ?? "no container"}`,
    ["State", STATE_NAMES[plug.state]],
    ["Setpoint", `${fixed(plug.setpointDegc, 1)} °C`],
    ["Supply air", `${fixed(plug.supplyDegc, 1)} °C`],
    ["Return air", `${fixed(plug.returnDegc, 1)} °C`],
    ["Off its setpoint", offK === null ? NOTHING : `${degrees(offK)} K`],
    ...minutes("Out of range", plug.outMin),
    ...minutes("Without power", plug.offMin),
    ...minutes("Not heard", plug.unknownMin),
    ["Last sample", moment(plug.time)],
  ];
}
