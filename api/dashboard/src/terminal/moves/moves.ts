/** The last crane moves. */

import { h } from "../../shared/dom/dom.ts";
import type { Move } from "../../shared/model/facts.ts";
import { clock, fixed } from "../../shared/format/figures.ts";
import { flash } from "../gate/gate.ts";
import type { Picture } from "../../shared/live/terminal-data.ts";
import { cycleLink } from "../../shared/routing/route.ts";

const MOST = 40;
/** A longer pause between two moves is no cycle (KPI median_cycle_time). */
const PAUSE_MS = 30 * 60_000;

/** Time from the move before it of the same crane, unlock to unlock; null where that is not known. [s] */
export function cycles(moves: readonly Move[]): Map<Move, number | null> {
  const after = new Map<string, Move>();
  const found = new Map<Move, number | null>(moves.map((one) => [one, null]));
  for (const one of moves) {
    const next = after.get(one.device);
    if (next !== undefined && next.unlockedAt - one.unlockedAt <= PAUSE_MS) {
      found.set(next, (next.unlockedAt - one.unlockedAt) / 1000);
    }
    after.set(one.device, one);
  }
  return found;
}

export class Moves {
  readonly #body = h("tbody");
  readonly #empty = h("p", { class: "empty" }, "No moves yet: a move is lock, lift, land, unlock");
  #known: Set<string> | null = null;

  constructor(host: HTMLElement) {
    const head = ["Crane", "Kind", "Boxes", "Cycle s", "Locked", "Unlocked"];
    const row = h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)));
    host.append(
      h("table", { class: "moves" }, h("caption", { class: "unseen" }, "Last crane moves, times in UTC"), h("thead", {}, row), this.#body),
      this.#empty,
    );
  }

  /** Nothing that comes next is news. */
  clear(): void {
    this.#known = null;
  }

  render(picture: Picture, terminal: string): void {
    this.#empty.hidden = picture.moves.length > 0;
    const cycle = cycles(picture.moves);
    const shown = picture.moves.slice(0, MOST);
    const before = this.#known;
    this.#known = new Set(picture.moves.map(name));
    const rows = shown.map((one) => line(terminal, one, cycle.get(one) ?? null));
    this.#body.replaceChildren(...rows);
    if (before === null) return;
    shown.forEach((one, index) => {
      if (!before.has(name(one))) flash(rows[index]!);
    });
  }
}

function name(one: Move): string {
  return `${one.device}/${one.lockedAt}`;
}

function line(terminal: string, one: Move, cycleS: number | null): HTMLElement {
  return h(
    "tr",
    { "data-kind": one.kind },
    h("th", { scope: "row" }, h("a", { href: cycleLink(terminal, one.device, one.lockedAt), title: "The raw signals of this cycle" }, one.device)),
    h("td", {}, one.inferred ? `${one.kind} *` : one.kind),
    h("td", {}, fixed(one.boxes)),
    h("td", {}, fixed(cycleS)),
    h("td", {}, clock(one.lockedAt)),
    h("td", {}, clock(one.unlockedAt)),
  );
}
