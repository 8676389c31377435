/** The cranes of a terminal, to choose one from. */

import { crane, sideOf, SIGNS } from "../shared/cranes/crane.ts";
import { h, mark, write } from "../shared/dom/dom.ts";
import { byId } from "../shared/format/figures.ts";
import type { Picture } from "../shared/live/terminal-data.ts";

interface Chip {
  node: HTMLElement;
  link: HTMLElement;
  sign: HTMLElement;
}

export class CraneChoice {
  readonly node = h("nav", { class: "choice", "aria-label": "Cranes" });
  readonly #href: (device: string) => string;
  #chips = new Map<string, Chip>();

  constructor(href: (device: string) => string) {
    this.#href = href;
  }

  get first(): string | null {
    return this.#chips.keys().next().value ?? null;
  }

  render(picture: Picture, chosen: string | null): void {
    const side = (id: string): number => (sideOf(id, picture.device("crane", id)?.type ?? null) === "quay" ? 0 : 1);
    const ids = picture.ids("crane").sort((a, b) => side(a) - side(b) || byId(a, b));
    if (ids.join(" ") !== [...this.#chips.keys()].join(" ")) {
      this.#chips = new Map(ids.map((id) => [id, this.#chip(id)]));
      this.node.replaceChildren(...[...this.#chips.values()].map((one) => one.node));
    }
    const nowMs = Date.now() + picture.clockAhead;
    for (const [id, chip] of this.#chips) {
      const { tone, word } = crane(id, picture.device("crane", id), picture.sample("crane", id), null, nowMs);
      write(chip.sign, SIGNS[tone]);
      mark(chip.link, "data-tone", tone);
      mark(chip.link, "title", word);
      mark(chip.link, "href", this.#href(id));
      if (id === chosen && !chip.link.hasAttribute("aria-current")) {
        mark(chip.link, "aria-current", "page");
        chip.link.scrollIntoView({ block: "nearest", inline: "center" });
      } else if (id !== chosen) chip.link.removeAttribute("aria-current");
    }
  }

  #chip(id: string): Chip {
    const sign = h("span", { class: "sign", "aria-hidden": "true" });
    const link = h("a", { class: "chip" }, sign, id);
    return { node: link, link, sign };
  }
}
