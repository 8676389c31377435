/** What stands where data should be: that it is being read, that there is none, or what went wrong and what to do. */

import { h } from "../dom/dom.ts";

export function loading(what: string): HTMLElement {
  return h("p", { class: "notice", "data-kind": "loading", role: "status" }, `Reading ${what}…`);
}

export function empty(title: string, ...advice: (Node | string)[]): HTMLElement {
  return h("div", { class: "notice", "data-kind": "empty", role: "status" }, h("p", {}, h("strong", {}, title)), h("p", {}, ...advice));
}

export function failed(title: string, message: string, again: () => void): HTMLElement {
  const button = h("button", { type: "button" }, "Try again");
  button.addEventListener("click", again);
  return h("div", { class: "notice", "data-kind": "error", role: "alert" }, h("p", {}, h("strong", {}, `✕ ${title}`)), h("p", {}, message), button);
}
