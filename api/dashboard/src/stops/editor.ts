/** The form in which a person says why a crane stopped. */

import { kindWord } from "../shared/cycles/cycle.ts";
import { h } from "../shared/dom/dom.ts";
import { dayMinute, NOTHING } from "../shared/format/figures.ts";
import { keepName, myName } from "../shared/person/name.ts";
import { byParty, type Cause, editsOf, say, type Stop } from "./stop.ts";

const PARTIES: Record<string, string> = { terminal: "Terminal", vessel: "Vessel and line", nobody: "Nobody" };
const LONGEST_REMARK = 1_000;
export const LONGEST_NAME = 80;

export class StopEditor {
  readonly node: HTMLFormElement;
  readonly #cause: HTMLSelectElement;
  readonly #remark: HTMLInputElement;
  readonly #name: HTMLInputElement;
  readonly #save = h("button", { type: "submit", class: "main" }, "Save");
  readonly #problem = h("p", { class: "problem", role: "alert" });
  readonly #edits = h("div", { class: "edits" });
  readonly #stop: Stop;
  readonly #saved: (stop: Stop) => void;

  /** @param closed the person gave up. */
  constructor(stop: Stop, causes: readonly Cause[], saved: (stop: Stop) => void, closed: () => void) {
    this.#stop = stop;
    this.#saved = saved;
    this.#cause = h("select", {}, ...byParty(causes).map(([party, some]) => group(party, some, stop)));
    this.#remark = h("input", { type: "text", maxlength: LONGEST_REMARK, value: stop.remark ?? "", placeholder: "optional" });
    this.#name = h("input", { type: "text", maxlength: LONGEST_NAME, value: myName(), autocomplete: "name", required: true });
    const cancel = h("button", { type: "button" }, "Cancel");
    cancel.addEventListener("click", closed);
    this.node = h(
      "form",
      { class: "stop-editor", "aria-label": `Cause of the stop of ${stop.device}`, novalidate: true },
      field("Cause", this.#cause),
      field("Remark", this.#remark),
      field("Your name", this.#name),
      h("div", { class: "buttons" }, this.#save, cancel),
      this.#problem,
      this.#edits,
    );
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") closed();
    });
    if (stop.editedBy !== null) void this.#tellEdits();
  }

  /** Put the cursor where something is missing. */
  focus(): void {
    if (this.#name.value === "") this.#name.focus();
    else this.#cause.focus();
  }

  complain(message: string): void {
    this.#problem.textContent = message === "" ? "" : `✕ ${message}`;
  }

  async #send(): Promise<void> {
    const name = this.#name.value.trim();
    if (name === "") {
      this.complain("Say who you are: the edit is kept with your name.");
      this.#name.focus();
      return;
    }
    keepName(name);
    this.complain("");
    this.#save.disabled = true;
    const answer = await say(this.#stop, this.#cause.value, name, this.#remark.value.trim());
    this.#save.disabled = false;
    if (answer.ok) this.#saved(answer.value);
    else this.complain(answer.message);
  }

  async #tellEdits(): Promise<void> {
    const answer = await editsOf(this.#stop);
    if (!answer.ok || answer.value.length === 0) return;
    const lines = answer.value.map((one) =>
      h("li", {}, `${one.at === null ? NOTHING : dayMinute(one.at)} UTC, ${one.by}: ${kindWord(one.cause)}${one.remark === null ? "" : ` – ${one.remark}`}`),
    );
    this.#edits.replaceChildren(h("h3", {}, "Said so far"), h("ul", {}, ...lines));
  }
}

function group(party: string, causes: readonly Cause[], stop: Stop): HTMLElement {
  const options = causes.map((one) => {
    const found = one.id === stop.foundCause ? " (found by signals)" : "";
    const kept = one.deduct ? "" : ", stays in net hours";
    return h("option", { value: one.id, selected: one.id === stop.cause }, `${kindWord(one.id)}${found}: ${one.text}${kept}`);
  });
  return h("optgroup", { label: PARTIES[party] ?? party }, ...options);
}

function field(name: string, input: HTMLElement): HTMLElement {
  return h("label", {}, h("span", {}, name), input);
}
