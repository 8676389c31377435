/** What a list of the terminal operating system says beside what was detected; read when a person opens it. */

import { ask, route } from "./asking.ts";
import { h } from "./dom.ts";
import { figure, record } from "./fields.ts";
import { fixed } from "./figures.ts";
import { empty, failed, loading } from "./notice.ts";

export class ReconciliationPart {
  readonly node = h("details", { class: "reconciliation" }, h("summary", {}, "Compare with the terminal operating system"));
  readonly #body = h("div");
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
    const answer = await ask(route("calls", this.#terminal, this.#call, "reconciliation"), {}, record);
    if (answer.ok) this.#body.replaceChildren(summary(answer.value));
    else if (answer.status === 404) this.#body.replaceChildren(this.#how());
    else this.#body.replaceChildren(failed("The comparison cannot be read", answer.message, () => void this.#read()));
  }

  #how(): HTMLElement {
    return empty("No list imported for this call", "Send the moves that the terminal operating system counted, as CSV or COARRI: ", h("code", {}, `quaystream reconcile ${this.#terminal} ${this.#call} moves.csv`));
  }
}

function summary(from: Record<string, unknown>): HTMLElement {
  const found = Object.entries(from).flatMap(([name, value]): [string, number][] => {
    const number = figure(value);
    return number === null ? [] : [[name, number]];
  });
  return h("dl", { class: "terms" }, ...found.map(([name, value]) => h("div", {}, h("dt", {}, name.replaceAll("_", " ")), h("dd", {}, h("b", {}, fixed(value))))));
}
