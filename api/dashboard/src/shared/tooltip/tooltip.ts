/** One tooltip for the whole page: shown on hover and on keyboard focus, gone on Escape. */

import { h } from "../dom/dom.ts";

export type Line = string | [label: string, value: string];
type Tell = (target: Element) => Line[] | null;

const GAP = 8;
const bubble = h("div", { id: "tooltip", role: "tooltip", class: "tooltip", hidden: true });
document.body.append(bubble);
let owner: Element | null = null;

/** Offer lines for elements that match a selector inside a host. */
export function explain(host: Element, selector: string, tell: Tell): void {
  const find = (event: Event): Element | null =>
    event.target instanceof Element ? event.target.closest(selector) : null;
  const enter = (event: Event): void => {
    const target = find(event);
    if (target !== null && target !== owner) show(target, tell(target));
  };
  host.addEventListener("pointerover", enter);
  host.addEventListener("focusin", enter);
  host.addEventListener("pointerout", (event) => {
    const to = (event as PointerEvent).relatedTarget;
    if (owner !== null && !(to instanceof Node && owner.contains(to))) hide();
  });
  host.addEventListener("focusout", hide);
}

function show(target: Element, lines: Line[] | null): void {
  hide();
  if (lines === null || lines.length === 0) return;
  owner = target;
  target.setAttribute("aria-describedby", "tooltip");
  bubble.replaceChildren(
    ...lines.map((line) =>
      typeof line === "string"
        ? h("p", {}, line)
        : h("p", { class: "pair" }, h("span", {}, line[0]), h("b", {}, line[1])),
    ),
  );
  bubble.hidden = false;
  settle(target.getBoundingClientRect());
}

function settle(at: DOMRect): void {
  const { width, height } = bubble.getBoundingClientRect();
  const left = Math.min(Math.max(GAP, at.left + at.width / 2 - width / 2), innerWidth - width - GAP);
  const below = at.bottom + GAP;
  const top = below + height > innerHeight - GAP ? Math.max(GAP, at.top - height - GAP) : below;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${top}px`;
}

function hide(): void {
  owner?.removeAttribute("aria-describedby");
  owner = null;
  bubble.hidden = true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
document.addEventListener("scroll", hide, { capture: true, passive: true });
