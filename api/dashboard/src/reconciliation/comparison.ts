/** The part of a call's card that compares it with the terminal operating system; read when a person opens it. */

import { kindWord } from "../shared/cycles/cycle.ts";
import { h } from "../shared/dom/dom.ts";
import { clock, dayMinute, fixed, NOTHING } from "../shared/format/figures.ts";
import { empty, failed, loading } from "../shared/notice/notice.ts";
import { type FoundBox, type Line, type Pair, type Reconciliation, reconciliationOf, signed } from "./reconciliation.ts";
import { cycleLink } from "../shared/routing/route.ts";

export class Comparison {
  readonly node = h("details", { class: "comparison" }, h("summary", {}, "Compare with the terminal operating system"));
  readonly #body = h("div", { class: "comparison-body" });
  #terminal = "";
  #call = "";

  constructor() {
    this.node.append(this.#body);
    this.node.addEventListener("toggle", () => {
      if (this.node.open) void this.#read();
    });
  }

  about(terminal: string, call: string): void {
    [this.#terminal, this.#call] = [terminal, call];
  }

  async #read(): Promise<void> {
    this.#body.replaceChildren(loading("the comparison"));
    const answer = await reconciliationOf(this.#terminal, this.#call);
    if (answer.ok) this.#body.replaceChildren(...parts(this.#terminal, answer.value));
    else if (answer.status === 404) this.#body.replaceChildren(this.#how());
    else this.#body.replaceChildren(failed("The comparison cannot be read", answer.message, () => void this.#read()));
  }

  #how(): HTMLElement {
    const command = `quaystream reconcile moves.csv --terminal ${this.#terminal} --call ${this.#call}`;
    return empty("No list imported", "Import the moves that the terminal operating system counted, as CSV or COARRI, and they are compared box by box: ", h("code", {}, command));
  }
}

function parts(terminal: string, found: Reconciliation): HTMLElement[] {
  const pct = found.differencePct === null ? "" : ` (${signed(found.differencePct, 1)} %)`;
  const sum = h(
    "p",
    { class: "sum", "data-equal": String(found.equal) },
    h("b", {}, found.equal ? "✓ Both say the same of every box" : `▲ ${signed(found.difference)} boxes${pct}`),
    ` ${fixed(found.detected)} detected, ${fixed(found.listed)} listed, ${fixed(found.matched)} matched`,
  );
  return [
    sum,
    h("p", { class: "note" }, `imported ${dayMinute(found.importedAt)} UTC by ${found.importedBy || "nobody named"}`),
    ...table("", found.byCrane.length, ["Crane", "Kind", "Detected", "Listed", "Difference"], found.byCrane.map((one) => [one.crane ?? "any", kindWord(one.kind), fixed(one.detected), fixed(one.listed), signed(one.difference)])),
    ...table("Detected, not in the list", found.onlyFoundCount, ["Crane", "Unlocked", "Kind", "Container"], found.onlyFound.map((one) => boxCells(terminal, one))),
    ...table("In the list, not detected", found.onlyListedCount, ["Line", "Crane", "Time", "Kind", "Container"], found.onlyListed.map(lineCells)),
    ...table("Matched, but not in everything", found.differingCount, ["Line", "Crane", "Unlocked", "Differs in", "List / detected"], found.differing.map((one) => pairCells(terminal, one))),
  ];
}

function boxCells(terminal: string, one: FoundBox): (HTMLElement | string)[] {
  return [one.device, lead(terminal, one), `${kindWord(one.kind)}${one.inferred ? " *" : ""}`, one.container ?? "not read"];
}

function lineCells(one: Line): string[] {
  return [fixed(one.line), one.crane ?? NOTHING, clock(one.at), kindWord(one.kind), `${one.container ?? NOTHING}${one.checkOk ? "" : " (fails ISO 6346)"}`];
}

function pairCells(terminal: string, { found, line, differs }: Pair): (HTMLElement | string)[] {
  const sides: Record<string, [string, string]> = {
    crane: [line.crane ?? NOTHING, found.device],
    kind: [kindWord(line.kind), kindWord(found.kind)],
    number: [line.container ?? NOTHING, found.container ?? "not read"],
    time: [clock(line.at), clock(found.unlockedAt)],
  };
  const told = differs.map((one) => (sides[one] ?? [one, one]).join(" / "));
  return [fixed(line.line), found.device, lead(terminal, found), differs.join(", "), told.join("; ")];
}

function lead(terminal: string, one: FoundBox): HTMLElement {
  return h("a", { href: cycleLink(terminal, one.device, one.lockedAt), title: "The raw signals of this cycle" }, clock(one.unlockedAt));
}

function table(title: string, count: number, head: string[], rows: (HTMLElement | string)[][]): HTMLElement[] {
  if (rows.length === 0) return [];
  const numbers = new Set(["Detected", "Listed", "Difference"]);
  const side = (index: number): string | null => (numbers.has(head[index]!) ? "number" : null);
  const body = rows.map((cells) => h("tr", {}, ...cells.map((one, index) => h("td", { class: side(index) }, one))));
  const more = count > rows.length ? h("p", { class: "note" }, `and ${fixed(count - rows.length)} more`) : null;
  const drawn = h("table", {}, h("thead", {}, h("tr", {}, ...head.map((name, index) => h("th", { scope: "col", class: side(index) }, name)))), h("tbody", {}, ...body));
  return [...(title === "" ? [] : [h("h3", {}, `${title}: ${fixed(count)}`)]), h("div", { class: "scroll list", tabindex: 0 }, drawn, more)];
}
