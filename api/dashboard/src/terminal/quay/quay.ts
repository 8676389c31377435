/** The drawing of the terminal: ship, quay cranes, yard blocks. Rebuilt when its make-up changes, else only moved. */

import { Block } from "./block.ts";
import { type Crane, crane as view } from "../../shared/cranes/crane.ts";
import { h, mark, s, write } from "../../shared/dom/dom.ts";
import { byId, duration, fixed } from "../../shared/format/figures.ts";
import { type Layout, layout, scale, type Span, spread, widen } from "./layout.ts";
import type { Picture } from "../../shared/live/terminal-data.ts";
import { cycleLink, kpiLink } from "../../shared/routing/route.ts";
import { backdrop, ship } from "./ship.ts";
import { quayProjection, Sts } from "./sts.ts";
import { explain, type Line } from "../../shared/tooltip/tooltip.ts";

const QUAY_LEAST_M = 300;
const BLOCK_LEAST_M = 150;
const FRAME_MS = 30;

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export class Quay {
  readonly #host: HTMLElement;
  readonly #wind: HTMLElement;
  #cranes = new Map<string, Crane>();
  #sts = new Map<string, Sts>();
  #blocks = new Map<string, Block>();
  #layout: Layout | null = null;
  #made = "";
  #quayM: Span | null = null;
  #yardM: Span | null = null;
  #nowMs = 0;
  #terminal = "";
  #frame = 0;
  #drawnMs = 0;

  constructor(host: HTMLElement, wind: HTMLElement) {
    this.#host = host;
    this.#wind = wind;
    explain(host, "[data-crane]", (target) => this.#lines(target.getAttribute("data-crane") ?? ""));
    document.addEventListener("visibilitychange", () => this.#animate());
    host.addEventListener("click", (event) => this.#lead(event));
    host.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#lead(event);
    });
  }

  /** Forget the terminal: another one was chosen. */
  clear(): void {
    this.#quayM = this.#yardM = null;
    this.#made = "";
  }

  /** A crane leads to its cycles, its rate to what the rate is made of. */
  #lead(event: Event): void {
    const target = event.target instanceof Element ? event.target : null;
    const id = target?.closest("[data-crane]")?.getAttribute("data-crane");
    if (id === null || id === undefined) return;
    location.hash = target?.closest(".rate") ? kpiLink(this.#terminal, "gross_crane_rate", id) : cycleLink(this.#terminal, id, null);
  }

  render(picture: Picture, terminal: string, nowMs: number): void {
    this.#terminal = terminal;
    this.#nowMs = nowMs;
    const ids = picture.ids("crane").sort(byId);
    const all = ids.map((id) =>
      view(id, picture.device("crane", id), picture.sample("crane", id), picture.kpi("gross_crane_rate", id)?.value ?? null, nowMs),
    );
    this.#cranes = new Map(all.map((one) => [one.id, one]));
    this.#tellWind(all);
    const at = performance.now();
    this.#rebuild(all, terminal, at);
    if (this.#layout !== null) this.#aim(all, this.#layout, at);
    this.#animate();
  }

  #rebuild(all: readonly Crane[], terminal: string, at: number): void {
    const [width, height] = [this.#host.clientWidth, this.#host.clientHeight];
    const made = `${width}×${height} ${all.map((one) => `${one.id}:${one.side}`).join(" ")}`;
    if (made === this.#made || width === 0) return;
    this.#made = made;
    const quay = all.filter((one) => one.side === "quay");
    const yard = all.filter((one) => one.side === "yard");
    // On a narrow page the panel has no height of its own: the drawing takes what it needs.
    const plan = layout(width, Math.max(height, 260), quay.length, yard.length);
    this.#layout = plan;
    const focused = document.activeElement?.getAttribute("data-crane");
    this.#sts = new Map(quay.map((one) => [one.id, new Sts(one.id, plan, at)]));
    this.#blocks = new Map(
      yard.map((one, index) => {
        const x = 8 + (index % plan.columns) * plan.blockPitch;
        const y = plan.yardY + Math.floor(index / plan.columns) * plan.rowHeight;
        return [one.id, new Block(one.id, x, y, plan.blockPitch - 4, plan.rowHeight, plan.blockLines, at)];
      }),
    );
    this.#host.replaceChildren(this.#drawing(plan), ...(all.length === 0 ? [hint(terminal)] : []));
    if (focused) this.#host.querySelector<SVGElement>(`[data-crane="${CSS.escape(focused)}"]`)?.focus();
  }

  #drawing(plan: Layout): SVGSVGElement {
    const projection = quayProjection(plan);
    const cranes = [...this.#sts.values()];
    return s(
      "svg",
      { viewBox: `0 0 ${plan.width} ${plan.height}`, width: plan.width, height: plan.height, role: "group", "aria-label": "Cranes" },
      backdrop(plan, projection),
      ship(plan, projection),
      ...cranes.map((one) => one.node),
      ...cranes.map((one) => one.label),
      ...[...this.#blocks.values()].map((one) => one.node),
    );
  }

  #aim(all: readonly Crane[], plan: Layout, at: number): void {
    const still = reducedMotion.matches || document.hidden;
    const quay = all.filter((one) => one.side === "quay");
    const yard = all.filter((one) => one.side === "yard");
    const metres = (some: readonly Crane[]): number[] => some.flatMap((one) => one.gantryM ?? []);
    this.#quayM = widen(this.#quayM, metres(quay), QUAY_LEAST_M);
    this.#yardM = widen(this.#yardM, metres(yard), BLOCK_LEAST_M);
    const wide = this.#quayM === null ? null : padded(this.#quayM, quay.length);
    const wanted = quay.map((one, index) =>
      one.gantryM !== null && wide !== null
        ? scale(one.gantryM, wide, plan.quay)
        : scale(index + 0.5, { low: 0, high: quay.length }, plan.quay),
    );
    const placed = spread(wanted, plan.quay, plan.pitch);
    quay.forEach((one, index) => this.#sts.get(one.id)?.aim(one, placed[index]!, at, still));
    for (const one of yard) {
      const block = this.#blocks.get(one.id);
      if (block === undefined) continue;
      const along = one.gantryM !== null && this.#yardM !== null ? scale(one.gantryM, this.#yardM, block.track) : (block.track.low + block.track.high) / 2;
      block.aim(one, along, at, still);
    }
    for (const one of all) this.#describe(one);
  }

  #describe(one: Crane): void {
    const node = this.#host.querySelector(`g.crane[data-crane="${CSS.escape(one.id)}"]`);
    if (node !== null) mark(node, "aria-label", `${one.id}, ${one.word}, ${fixed(one.rate, 1)} boxes per hour; opens its last cycles`);
  }

  #animate(): void {
    if (this.#frame !== 0 || document.hidden) return;
    const step = (at: number): void => {
      this.#frame = 0;
      let moving = true;
      if (at - this.#drawnMs >= FRAME_MS) {
        this.#drawnMs = at;
        moving = false;
        for (const one of this.#sts.values()) moving = one.draw(at) || moving;
        for (const one of this.#blocks.values()) moving = one.draw(at) || moving;
      }
      if (moving && !document.hidden) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  #tellWind(all: readonly Crane[]): void {
    const windy = all.filter((one) => one.windMps !== null && one.tone !== "offline");
    const most = windy.reduce<Crane | null>((a, b) => (a === null || b.windMps! > a.windMps! ? b : a), null);
    write(this.#wind, most === null ? "" : `wind ${fixed(most.windMps, 1)} m/s at ${most.id}`);
  }

  #lines(id: string): Line[] | null {
    const one = this.#cranes.get(id);
    if (one === undefined) return null;
    return [
      id,
      ["State", one.word],
      ["Gross rate, last hour", `${fixed(one.rate, 1)} boxes/h`],
      ["Load", `${fixed(one.loadT, 1)} t${one.locked ? (one.twin ? ", twin lift" : ", locked") : ""}`],
      ["Hoist height", `${fixed(one.hoistM, 1)} m`],
      ["Trolley", `${fixed(one.trolleyM, 1)} m`],
      ["Gantry", `${fixed(one.gantryM, 1)} m`],
      ["Spreader", `${fixed(one.spreaderFt)} ft`],
      ["Wind", `${fixed(one.windMps, 1)} m/s`],
      ["Power", `${fixed(one.powerKw)} kW`],
      ["Last sample", one.time === null ? "–" : `${duration(this.#nowMs - one.time)} ago`],
    ];
  }
}

/** Room beyond the outermost cranes: the quay does not end at them. */
function padded(span: Span, count: number): Span {
  const pad = (span.high - span.low) / (count + 1);
  return { low: span.low - pad, high: span.high + pad };
}

function hint(terminal: string): HTMLElement {
  return h(
    "div",
    { class: "hint" },
    h("p", {}, h("strong", {}, "No cranes yet")),
    h("p", {}, "Publish a sample and the crane appears here. The topic is"),
    h("p", {}, h("code", {}, `port/${terminal}/crane/<id>/telemetry`)),
  );
}
