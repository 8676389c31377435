/** Lists of an explanation: moves counted, moves not counted, time taken off. */

import { doubt, kindWord } from "../shared/cycles/cycle.ts";
import { h } from "../shared/dom/dom.ts";
import { byCause, type Excluded, type Explanation, liftsAndBoxes } from "./explanation.ts";
import type { Move, Visit } from "../shared/model/facts.ts";
import { clock, fixed, hourMinute, NOTHING } from "../shared/format/figures.ts";
import { cycleLink } from "../shared/routing/route.ts";

/** More rows than this wait behind a button: a day has thousands, and what follows must be found. */
const AT_FIRST = 12;

/** Whether a value counts moves at all; gates and reefers do not. */
export function counts(found: Explanation): boolean {
  return found.counted.length + found.notCounted.length > 0 || found.terms.some((one) => /boxes|moves|lifts|cycle/.test(one.name));
}

export function counted(terminal: string, moves: readonly Move[], leftOff: number): HTMLElement {
  const title = `Moves counted: ${moves.length === 0 ? "0" : `${leftOff === 0 ? "" : "the newest "}${liftsAndBoxes(moves)}`}`;
  if (moves.length === 0) return h("section", { class: "counted" }, h("h3", {}, title), h("p", { class: "empty" }, "None was unlocked in the window."));
  const older = leftOff === 0 ? null : h("p", { class: "note" }, `${fixed(leftOff)} older moves are not listed here; the terms of the formula hold them.`);
  return h("section", { class: "counted" }, h("h3", {}, title), table(["Crane", "Unlocked", "Kind", "Boxes", "Containers"], moves, (one) => moveRow(terminal, one)), older);
}

export function notCounted(terminal: string, moves: readonly { move: Move; reason: string }[]): HTMLElement[] {
  if (moves.length === 0) return [];
  const row = ({ move, reason }: { move: Move; reason: string }): HTMLElement =>
    h("tr", {}, h("th", { scope: "row" }, move.device), cell(terminal, move), h("td", {}, kindWord(move.kind)), h("td", { class: "reason" }, reason));
  return [h("section", { class: "not-counted" }, h("h3", {}, `Moves not counted: ${fixed(moves.length)}`), table(["Crane", "Unlocked", "Kind", "Why not"], moves, row))];
}

/** Stops with their causes: time that was taken off, or that was counted. */
export function stopped(title: string, stops: readonly Excluded[]): HTMLElement[] {
  if (stops.length === 0) return [];
  const minutes = stops.reduce((sum, one) => sum + (one.minutes ?? 0), 0);
  const causes = byCause(stops).map(([cause, some]) => `${kindWord(cause)} ${fixed(some, 1)}`);
  const row = (one: Excluded): HTMLElement =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, one.device),
      h("td", {}, `${hourMinute(one.beganAt)}–${one.endedAt === null ? "now" : hourMinute(one.endedAt)}`),
      h("td", { class: "number" }, fixed(one.minutes, 1)),
      h("td", {}, kindWord(one.cause)),
      h("td", {}, one.party || NOTHING),
      h("td", {}, one.said ? "said by people" : "found by signals"),
    );
  return [
    h("section", { class: "excluded" }, h("h3", {}, `${title}: ${fixed(minutes, 1)} min (${causes.join(", ")})`), table(["Crane", "UTC", "Minutes", "Cause", "Whose", "How known"], stops, row)),
  ];
}

export function visits(some: readonly Visit[]): HTMLElement[] {
  if (some.length === 0) return [];
  const row = (one: Visit): HTMLElement => {
    const minutes = one.enteredAt === null || one.leftAt === null ? null : (one.leftAt - one.enteredAt) / 60_000;
    return h("tr", {}, h("th", { scope: "row" }, one.plate ?? one.visit), h("td", {}, clock(one.enteredAt)), h("td", {}, clock(one.leftAt)), h("td", { class: "number" }, fixed(minutes, 1)));
  };
  return [h("section", { class: "visits-counted" }, h("h3", {}, `Visits counted: ${fixed(some.length)}`), table(["Plate", "In", "Out", "Minutes"], some, row))];
}

function moveRow(terminal: string, move: Move): HTMLElement {
  const doubted = doubt(move);
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, move.device),
    cell(terminal, move),
    h("td", {}, kindWord(move.kind), doubted === "" ? null : h("em", { title: "inferred or doubtful" }, ` ${doubted}`)),
    h("td", { class: "number" }, fixed(move.boxes)),
    h("td", { class: "ids" }, move.containerIds.join(" ") || NOTHING),
  );
}

function cell(terminal: string, move: Move): HTMLElement {
  return h("td", {}, h("a", { href: cycleLink(terminal, move.device, move.lockedAt), title: "The raw signals of this cycle" }, clock(move.unlockedAt)));
}

function table<T>(head: readonly string[], rows: readonly T[], row: (one: T) => HTMLElement): HTMLElement {
  const body = h("tbody", {}, ...rows.slice(0, AT_FIRST).map(row));
  const numbers = new Set(["Boxes", "Minutes"]);
  const drawn = h("table", {}, h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col", class: numbers.has(name) ? "number" : null }, name)))), body);
  const rest = rows.slice(AT_FIRST);
  const host = h("div", { class: "list" }, drawn);
  if (rest.length === 0) return host;
  const more = h("button", { type: "button" }, `Show ${fixed(rest.length)} more`);
  more.addEventListener("click", () => {
    body.append(...rest.map(row));
    more.remove();
  });
  host.append(more);
  return host;
}
