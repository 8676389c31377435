/** The table of the cycles that are drawn: phases in seconds, boxes, load, energy. */

import { type Cycle, cycleS, doubt, kindWord, PHASE_WORDS, PHASES, phaseS, waitedS } from "../shared/cycles/cycle.ts";
import { h } from "../shared/dom/dom.ts";
import { clock, fixed } from "../shared/format/figures.ts";
import { cycleLink } from "../shared/routing/route.ts";

const HEAD = ["#", "Locked", "Kind", "Boxes", "Containers", "Load t", ...PHASES.map((name) => `${sentence(PHASE_WORDS[name])} s`), "Waited s", "Cycle s", "kWh", "Seen"];
const NUMBERS_FROM = 5;

export function cycleTable(terminal: string, cycles: readonly Cycle[], chosen: Cycle | null): HTMLElement {
  const head = HEAD.map((name, index) => h("th", { scope: "col", class: index >= NUMBERS_FROM || index === 3 ? "number" : null }, name));
  return h(
    "table",
    { class: "cycles" },
    h("caption", { class: "unseen" }, "Cycles with the times of their phases"),
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...cycles.map((one, index) => row(terminal, one, index + 1, one === chosen))),
  );
}

function row(terminal: string, cycle: Cycle, number: number, chosen: boolean): HTMLElement {
  const { move } = cycle;
  const doubted = doubt(move);
  const figure = (value: number | null, decimals = 1): HTMLElement => h("td", { class: "number" }, fixed(value, decimals));
  return h(
    "tr",
    { "data-kind": move.kind, "aria-current": chosen ? "true" : null },
    h("th", { scope: "row" }, String(number)),
    h("td", {}, h("a", { href: cycleLink(terminal, move.device, chosen ? null : move.lockedAt), title: chosen ? "Back to all" : "Look closer" }, clock(move.lockedAt))),
    h("td", {}, kindWord(move.kind), move.twin ? " (twin)" : ""),
    h("td", { class: "number" }, fixed(move.boxes)),
    h("td", { class: "ids" }, move.containerIds.join(" ") || "–"),
    figure(move.peakLoadT),
    ...PHASES.map((name) => figure(phaseS(cycle, name))),
    figure(waitedS(move), 0),
    figure(cycleS(cycle), 0),
    figure(move.energyKwh),
    h("td", { class: "number seen", "data-doubt": String(doubted !== ""), title: doubted === "" ? null : "* part of it was not seen and follows from the rest; per cent is the confidence" }, doubted || "all"),
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
