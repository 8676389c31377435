/** One stop in the list: when, how long, why, who said so; with its form where it is being edited. */

import { kindWord } from "../shared/cycles/cycle.ts";
import { h } from "../shared/dom/dom.ts";
import { clock, dayMinute, duration } from "../shared/format/figures.ts";
import { myName } from "../shared/person/name.ts";
import { cycleLink } from "../shared/routing/route.ts";
import { StopEditor } from "./editor.ts";
import { type Cause, lengthMs, say, type Standing, standing, type Stop } from "./stop.ts";

const SIGNS: Record<Standing, string> = { found: "∿", confirmed: "✓", said: "✎" };

export class StopRow {
  readonly node = h("li", { class: "stop" });
  readonly #facts = h("div", { class: "stop-facts" });
  readonly #changed: (stop: Stop) => void;
  readonly #causes: () => readonly Cause[];
  #stop: Stop;
  #editor: StopEditor | null = null;
  #shown = "";

  /** @param changed the server took an edit. */
  constructor(stop: Stop, causes: () => readonly Cause[], changed: (stop: Stop) => void) {
    this.#stop = stop;
    this.#causes = causes;
    this.#changed = changed;
    this.node.append(this.#facts);
  }

  tell(stop: Stop, nowMs: number): void {
    this.#stop = stop;
    const shown = JSON.stringify([stop, duration(lengthMs(stop, nowMs)), this.#causes().length]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = document.activeElement?.getAttribute("data-act") ?? null;
    const held = this.#facts.contains(document.activeElement);
    this.node.dataset["standing"] = standing(stop);
    this.#facts.replaceChildren(...this.#cells(stop, nowMs));
    if (held && focused !== null) this.#facts.querySelector<HTMLElement>(`[data-act="${focused}"]`)?.focus();
  }

  #cells(stop: Stop, nowMs: number): HTMLElement[] {
    const how = standing(stop);
    const meaning = this.#causes().find((one) => one.id === stop.cause)?.text ?? "";
    const until = stop.endedAt === null ? "now" : clock(stop.endedAt);
    const confirm = button("Confirm", "confirm", `Confirm ${kindWord(stop.cause)}`, () => void this.#confirm());
    confirm.hidden = how !== "found";
    return [
      h("a", { class: "device", href: cycleLink(stop.terminal, stop.device, null) }, stop.device),
      h("span", { class: "when", title: `${dayMinute(stop.beganAt)} UTC` }, `${clock(stop.beganAt)} – ${until}`),
      h("b", { class: "length" }, duration(lengthMs(stop, nowMs))),
      h("span", { class: "cause" }, h("b", {}, kindWord(stop.cause)), h("span", {}, meaning)),
      h("span", { class: "net" }, ...(stop.deduct ? ["off net hours", h("span", { class: "party" }, ` · ${stop.party}`)] : ["in net hours"])),
      h("span", { class: "who" }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[how]), " ", whoSaid(stop), stop.remark === null ? null : h("q", {}, stop.remark)),
      h("span", { class: "acts" }, confirm, button("Change", "change", `Change the cause of this stop of ${stop.device}`, () => this.#open())),
    ];
  }

  #open(complaint = ""): void {
    if (this.#editor === null) {
      this.#editor = new StopEditor(this.#stop, this.#causes(), (stop) => this.#saved(stop), () => this.#close());
      this.node.append(this.#editor.node);
    }
    this.#editor.complain(complaint);
    this.#editor.focus();
  }

  #close(): void {
    this.#editor?.node.remove();
    this.#editor = null;
    this.#facts.querySelector<HTMLElement>('[data-act="change"]')?.focus();
  }

  async #confirm(): Promise<void> {
    if (myName() === "") {
      this.#open("Say who you are, then save: the cause is kept with your name.");
      return;
    }
    const answer = await say(this.#stop, this.#stop.foundCause, myName(), "");
    if (answer.ok) this.#saved(answer.value);
    else this.#open(answer.message);
  }

  #saved(stop: Stop): void {
    this.#close();
    this.#changed(stop);
    this.node.classList.remove("fresh");
    void this.node.offsetWidth;
    this.node.classList.add("fresh");
  }
}

function whoSaid(stop: Stop): string {
  const at = stop.editedAt === null ? "" : `, ${dayMinute(stop.editedAt)}`;
  switch (standing(stop)) {
    case "found":
      return "found by signals";
    case "confirmed":
      return `confirmed by ${stop.editedBy}${at}`;
    case "said":
      return `${stop.editedBy}${at}; signals: ${kindWord(stop.foundCause)}`;
  }
}

function button(words: string, act: string, label: string, run: () => void): HTMLButtonElement {
  const node = h("button", { type: "button", "data-act": act, "aria-label": label }, words);
  node.addEventListener("click", run);
  return node;
}
