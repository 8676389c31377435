/** Which page is shown, and which panel beside it: follows the link in the address. */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { withSpanOf } from "../span/span.ts";
import { type AnyRoute, linkTo, parseLink, type Pattern } from "./pattern.ts";

export class Router {
  /** The page that is shown, also beneath a panel. */
  readonly page: ReadonlySignal<AnyRoute>;
  /** The panel beside it. */
  readonly panel: ReadonlySignal<AnyRoute | null>;
  readonly #patterns: readonly Pattern<AnyRoute>[];
  readonly #panels: ReadonlySet<string>;
  readonly #route;
  readonly #page;

  /** @param pages patterns of the pages, the first page's first. @param panels patterns of the panels. */
  constructor(pages: readonly Pattern<AnyRoute>[], panels: readonly Pattern<AnyRoute>[]) {
    this.#patterns = [...pages, ...panels];
    this.#panels = new Set(panels.map((one) => one.view));
    this.#page = signal(pages[0]!.entry(""));
    this.#route = signal(this.#page.peek());
    this.page = computed(() => this.#page.value);
    this.panel = computed(() => (this.#panels.has(this.#route.value.view) ? this.#route.value : null));
  }

  /** The terminal that the link in the address names. */
  get terminal(): string | null {
    return parseLink(this.#patterns, location.hash).terminal ?? null;
  }

  /** Show what the link in the address means. */
  follow(): void {
    const route = parseLink(this.#patterns, location.hash);
    this.#route.value = route;
    if (this.#panels.has(route.view) || this.link(route) === this.link(this.#page.peek())) return;
    if (route.view !== this.#page.peek().view) window.scrollTo(0, 0);
    this.#page.value = route;
  }

  /** Back from a panel to the page. */
  closePanel(): void {
    location.hash = this.link(this.#page.peek());
  }

  /** The page that is shown, for another terminal, over the same span. */
  moveTo(terminal: string): void {
    const left = this.#page.peek();
    location.hash = this.link(withSpanOf(this.#patterns.find((one) => one.view === left.view)!.entry(terminal), left));
  }

  link(route: AnyRoute): string {
    return linkTo(this.#patterns, route);
  }
}
