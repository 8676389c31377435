/** One button that confirms what signals found of all stops shown; it asks for the name, and so asks twice. */

import { h } from "../shared/dom/dom.ts";
import { fixed } from "../shared/format/figures.ts";
import { keepName, myName } from "../shared/person/name.ts";
import { LONGEST_NAME } from "./editor.ts";
import type { Answer } from "../shared/api/client.ts";

export class ConfirmAll {
  readonly node: HTMLElement;
  readonly #open = h("button", { type: "button" });
  readonly #form: HTMLFormElement;
  readonly #name = h("input", { type: "text", maxlength: LONGEST_NAME, autocomplete: "name", placeholder: "your name", "aria-label": "Your name" });
  readonly #problem = h("span", { class: "problem", role: "alert" });
  readonly #confirm: (by: string) => Promise<Answer<number>>;
  readonly #done: (confirmed: number) => void;

  constructor(confirm: (by: string) => Promise<Answer<number>>, done: (confirmed: number) => void) {
    this.#confirm = confirm;
    this.#done = done;
    const cancel = h("button", { type: "button" }, "Cancel");
    this.#form = h("form", { class: "confirm-all", hidden: true, novalidate: true }, this.#name, h("button", { type: "submit", class: "main" }, "Confirm"), cancel, this.#problem);
    this.node = h("div", {}, this.#open, this.#form);
    this.#open.addEventListener("click", () => this.#show(true));
    cancel.addEventListener("click", () => this.#show(false));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
  }

  /** @param open how many ended stops nobody has said anything of. */
  tell(open: number): void {
    this.#open.hidden = open === 0 || !this.#form.hidden;
    this.#open.textContent = `✓ Confirm ${open === 1 ? "the found cause" : `all ${fixed(open)} found causes`}`;
  }

  #show(shown: boolean): void {
    this.#form.hidden = !shown;
    this.#open.hidden = shown;
    this.#problem.textContent = "";
    this.#name.value = myName();
    if (shown) this.#name.focus();
    else this.#open.focus();
  }

  async #send(): Promise<void> {
    const name = this.#name.value.trim();
    if (name === "") {
      this.#problem.textContent = "✕ Say who you are first.";
      this.#name.focus();
      return;
    }
    keepName(name);
    const answer = await this.#confirm(name);
    if (!answer.ok) {
      this.#problem.textContent = `✕ ${answer.message}`;
      return;
    }
    this.#show(false);
    this.#done(answer.value);
  }
}
