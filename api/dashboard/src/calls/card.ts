/** One vessel call: progress, times, cranes, productivity. */

import { type Call, plannedBoxes, progress, type Stage, stage } from "./call.ts";
import { Comparison } from "../reconciliation/comparison.ts";
import { h } from "../shared/dom/dom.ts";
import { dayMinute, duration, fixed, local, NOTHING } from "../shared/format/figures.ts";
import type { Picture } from "../shared/live/terminal-data.ts";
import { type Catalogue, Readings } from "../shared/kpis/readings.ts";
import { cycleLink, kpiLink, link } from "../shared/routing/route.ts";

const KPIS = ["gross_berth_productivity", "net_berth_productivity", "gross_crane_rate", "net_crane_rate", "crane_intensity", "moves_remaining", "tos_difference"];
const STAGES: Record<Stage, string> = { alongside: "▶ alongside", expected: "◷ expected", left: "✓ left" };

export class CallCard {
  readonly node = h("article", { class: "call" });
  readonly #head = h("header");
  readonly #bar = h("div", { class: "progress" });
  readonly #times = h("dl", { class: "call-times" });
  readonly #facts = h("div", { class: "call-facts" });
  readonly #readings: Readings;
  readonly #comparison = new Comparison();
  #call: Call | null = null;
  #told = "";
  #drawn = "";

  constructor(catalogue: Catalogue) {
    this.#readings = new Readings(catalogue, KPIS, ["call"]);
    this.node.append(this.#head, this.#bar, this.#times, this.#readings.node, this.#facts, this.#comparison.node);
  }

  tell(call: Call, named: boolean): void {
    this.node.dataset["named"] = String(named);
    const told = JSON.stringify(call);
    if (told === this.#told) return;
    this.#told = told;
    this.#drawn = "";
    this.#call = call;
    this.#comparison.about(call.terminal, call.id);
    this.#facts.replaceChildren(cranes(call), ...problems(call));
  }

  render(picture: Picture, zone: string | null, nowMs: number): void {
    const call = this.#call;
    if (call === null) return;
    const value = (kpi: string): number | null => picture.kpi(kpi, call.id, "call")?.value ?? null;
    this.#readings.render(picture, call.terminal, call.id);
    const planned = plannedBoxes(call);
    const left = value("moves_remaining");
    const done = value("boxes") ?? (planned === null || left === null ? null : planned - left);
    const predictedS = value("predicted_completion");
    const ahead = value("ahead_of_plan");
    const now = stage(call, nowMs);
    const drawn = JSON.stringify([done, predictedS, ahead, now, zone]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#head.replaceChildren(
      h("h3", {}, h("a", { href: link({ view: "calls", terminal: call.terminal, call: call.id }) }, call.vessel ?? call.id)),
      h("span", { class: "note" }, [call.vessel === null ? null : call.id, call.berth === null ? "no berth told" : `berth ${call.berth}`].filter((one) => one !== null).join(" · ")),
      h("span", { class: "stage", "data-stage": now }, STAGES[now]),
    );
    this.#drawBar(call, now, done, planned, ahead);
    const predicted = now === "left" || predictedS === null ? null : predictedS * 1000;
    const times: [string, ...(HTMLElement | string)[]][] = [
      ["First line", ...time(zone, call.firstLineAt)],
      ["All fast", ...time(zone, call.allFastAt)],
      ["Last line", ...time(zone, call.lastLineAt)],
      ["Planned completion", ...time(zone, call.plannedCompletionAt)],
      ["Predicted completion", predicted === null ? NOTHING : h("a", { href: kpiLink(call.terminal, "predicted_completion", call.id, "call") }, ...time(zone, predicted))],
      ["Beside the plan", beside(call.plannedCompletionAt, predicted)],
    ];
    this.#times.replaceChildren(...times.map(([name, ...told]) => h("div", {}, h("dt", {}, name), h("dd", {}, ...told))));
  }

  #drawBar(call: Call, now: Stage, done: number | null, planned: number | null, ahead: number | null): void {
    const found = progress(done, planned);
    const kinds = call.planned.map(([kind, boxes]) => `${fixed(boxes)} ${kind}`).join(", ");
    if (found === null && now === "left" && call.lastLineAt !== null) {
      const past = link({ view: "kpi", terminal: call.terminal, kpi: "gross_berth_productivity", subject: call.id, window: "call", at: call.lastLineAt });
      this.#bar.replaceChildren(h("p", { class: "note" }, "Figures are told while a vessel is worked. ", h("a", { href: past }, "As they were at its last line")));
      return;
    }
    if (found === null) {
      this.#bar.replaceChildren(h("p", { class: "note" }, planned === null ? "No plan told: how far it is cannot be said. Tell planned boxes with the call." : `Planned: ${kinds}. No box counted yet.`));
      return;
    }
    const drawn = h("progress", { max: 1, value: found.share, "aria-label": `Boxes done of ${call.vessel ?? call.id}` });
    const pace = ahead === null ? null : h("a", { class: "pace", "data-ahead": String(ahead >= 0), href: kpiLink(call.terminal, "ahead_of_plan", call.id, "call") }, paceWords(ahead));
    const words = h("p", {}, h("b", {}, `${fixed(found.done)} of ${fixed(found.planned)} boxes`), ` (${fixed(found.share * 100)} %) `, h("span", { class: "note" }, kinds), pace);
    this.#bar.replaceChildren(drawn, words);
  }
}

/** A time in UTC and, below it, on the terminal's own clocks. */
function time(zone: string | null, ms: number | null): (HTMLElement | string)[] {
  if (ms === null) return [NOTHING];
  return [dayMinute(ms), ...(zone === null || zone === "UTC" ? [] : [h("span", { class: "local" }, local(ms, zone))])];
}

function paceWords(ahead: number): string {
  const boxes = `${fixed(Math.abs(ahead))} boxes`;
  return ahead >= 0 ? `▲ ${boxes} ahead of an even pace` : `▼ ${boxes} behind an even pace`;
}

function beside(plannedMs: number | null, predictedMs: number | null): string {
  if (plannedMs === null || predictedMs === null) return NOTHING;
  const byMs = plannedMs - predictedMs;
  return Math.abs(byMs) < 60_000 ? "on time" : `${duration(Math.abs(byMs))} ${byMs > 0 ? "early" : "late"}`;
}

function cranes(call: Call): HTMLElement {
  if (call.assignments.length === 0) return h("p", { class: "note" }, "No crane assigned: no move counts for this call.");
  const one = ({ crane, from, until }: Call["assignments"][number]): HTMLElement =>
    h("li", {}, h("a", { href: cycleLink(call.terminal, crane, null) }, crane), h("span", { class: "note" }, ` ${dayMinute(from)} – ${until === null ? "open" : dayMinute(until)}`));
  return h("ul", { class: "assigned", "aria-label": "Cranes assigned" }, ...call.assignments.map(one));
}

function problems(call: Call): HTMLElement[] {
  if (call.problems.length === 0) return [];
  return [h("ul", { class: "call-problems", "aria-label": "Problems of this call" }, ...call.problems.map((one) => h("li", {}, `⚠ ${one}`)))];
}
