/** Lanes above and below the plots, on the same times: cycles to choose from, their phases, twistlocks and landing. */

import { type Cycle, doubt, kindWord, PHASE_WORDS, type Phase, type Span, words } from "../../shared/cycles/cycle.ts";
import { h, mark } from "../../shared/dom/dom.ts";
import { clock } from "../../shared/format/figures.ts";
import { runs, type Trace } from "../signals/trace.ts";

interface Placed {
  node: HTMLElement;
  span: Span;
}

/** One lane: pieces that lie where their times are. */
class Lane {
  readonly node: HTMLElement;
  readonly #track = h("div", { class: "track" });
  #placed: Placed[] = [];

  constructor(name: string, kind: string, role: string | null = null) {
    this.node = h("div", { class: `lane ${kind}`, role, "aria-label": role === null ? null : name }, h("span", { class: "lane-name" }, name), this.#track);
  }

  fill(placed: Placed[]): void {
    this.#placed = placed;
    this.#track.replaceChildren(...placed.map((one) => one.node));
  }

  settle(span: Span): void {
    const share = (ms: number): number => Math.min(1, Math.max(0, (ms - span.beginMs) / (span.endMs - span.beginMs)));
    for (const one of this.#placed) {
      const [left, right] = [share(one.span.beginMs), share(one.span.endMs)];
      one.node.hidden = right <= left;
      one.node.style.left = `${left * 100}%`;
      one.node.style.width = `${(right - left) * 100}%`;
    }
  }
}

export class Lanes {
  readonly above: HTMLElement[];
  readonly below: HTMLElement[];
  readonly #cycles = new Lane("Cycle", "cycle-lane", "group");
  readonly #phases = new Lane("Phase", "phase-lane");
  readonly #locked = new Lane("locked", "run-lane");
  readonly #landed = new Lane("landed", "run-lane");
  readonly #choose: (cycle: Cycle) => void;
  #buttons: HTMLElement[] = [];
  #parts: Placed[] = [];

  constructor(choose: (cycle: Cycle) => void) {
    this.#choose = choose;
    this.above = [this.#cycles.node, this.#phases.node];
    this.below = [this.#locked.node, this.#landed.node];
    this.#cycles.node.addEventListener("keydown", (event) => this.#step(event));
  }

  fill(cycles: readonly Cycle[]): void {
    const placed = cycles.map((one, index) => ({ node: this.#button(one, index), span: one }));
    const focused = this.#buttons.indexOf(document.activeElement as HTMLElement);
    this.#buttons = placed.map((one) => one.node);
    this.#cycles.fill(placed);
    this.#buttons[focused]?.focus();
    this.#parts = cycles.flatMap((one) => one.phases.map((phase) => ({ node: phaseNode(phase), span: phase })));
    this.#phases.fill(this.#parts);
  }

  trace(trace: Trace, waits: readonly Span[]): void {
    this.#phases.fill([...this.#parts, ...waits.map((span) => ({ node: waitNode(span), span }))]);
    for (const [lane, name] of [[this.#locked, "twistlock_locked"], [this.#landed, "landed"]] as const) {
      lane.fill(runs(trace, name).map((span) => ({ node: h("span", { class: "run", "data-signal": name }), span })));
    }
  }

  settle(span: Span, chosen: number): void {
    for (const lane of [this.#cycles, this.#phases, this.#locked, this.#landed]) lane.settle(span);
    this.#buttons.forEach((one, index) => mark(one, "aria-pressed", String(index === chosen)));
  }

  #button(cycle: Cycle, index: number): HTMLElement {
    const { move } = cycle;
    const doubted = doubt(move);
    const label = [`Cycle ${index + 1}`, words(move), ...move.containerIds, `locked ${clock(move.lockedAt)}`, ...(doubted ? [`inferred or doubtful, ${doubted}`] : [])];
    const boxes = move.boxes === null || move.boxes === 0 ? "" : ` ×${move.boxes}`;
    const node = h(
      "button",
      { type: "button", class: "cycle", "aria-label": label.join(", "), title: label.join("\n"), "data-inferred": String(doubted !== "") },
      h("span", { class: "number" }, String(index + 1)),
      h("span", { class: "what" }, `${kindWord(move.kind)}${boxes}`),
      h("span", { class: "ids" }, doubted === "" ? null : h("em", {}, `${doubted} `), move.containerIds.join(" ")),
    );
    node.addEventListener("click", () => this.#choose(cycle));
    return node;
  }

  /** Arrow keys walk from cycle to cycle. */
  #step(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const visible = this.#buttons.filter((one) => !one.hidden);
    const here = visible.indexOf(document.activeElement as HTMLElement);
    if (by === undefined || here < 0) return;
    event.preventDefault();
    visible[Math.min(visible.length - 1, Math.max(0, here + by))]?.focus();
  }
}

function waitNode(span: Span): HTMLElement {
  return h("span", { class: "wait", title: `waits in the air, ${((span.endMs - span.beginMs) / 1000).toFixed(0)} s` });
}

function phaseNode(phase: Phase): HTMLElement {
  const word = PHASE_WORDS[phase.phase];
  return h(
    "span",
    { class: "phase", "data-phase": phase.phase, title: `${word}, ${((phase.endMs - phase.beginMs) / 1000).toFixed(1)} s` },
    h("span", { class: "letter" }, word.charAt(0).toUpperCase()),
    h("span", { class: "word" }, word),
  );
}
