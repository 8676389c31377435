/** Which part of the page is shown: follows the link in the address, and every link leads there. */

import { CallsView } from "./calls/page.ts";
import { CraneView } from "./crane/page.ts";
import { place } from "./shared/dom/dom.ts";
import { ExplainPanel } from "./explain/panel.ts";
import type { Terminal } from "./shared/model/facts.ts";
import { FiguresView } from "./figures/page.ts";
import type { Picture } from "./shared/live/terminal-data.ts";
import type { Catalogue } from "./shared/kpis/readings.ts";
import { link, parse, type Route, type View } from "./shared/routing/route.ts";
import { StopsView } from "./stops/page.ts";

/** What the server tells of a terminal's own time. */
export type Clocks = (terminal: string) => Terminal | undefined;
type Main = Exclude<View, "kpi">;
const MAINS: readonly Main[] = ["terminal", "crane", "stops", "calls", "figures"];

export class Views {
  readonly #hosts = new Map(MAINS.map((one) => [one, place(`view-${one}`)]));
  readonly #links = new Map(MAINS.map((one) => [one, place(`to-${one}`)]));
  readonly #crane: CraneView;
  readonly #stops: StopsView;
  readonly #calls: CallsView;
  readonly #figures: FiguresView;
  readonly #explain: ExplainPanel;
  readonly #picture: () => Picture;
  readonly #travel: (terminal: string) => void;
  #main: Route = { view: "terminal" };
  #opened = "";
  #terminal = "";

  /** @param clocks terminals as last listed. @param picture what is known of the terminal now. @param travel a link leads to another terminal. */
  constructor(catalogue: Catalogue, clocks: Clocks, picture: () => Picture, travel: (terminal: string) => void) {
    this.#picture = picture;
    this.#travel = travel;
    this.#crane = new CraneView(this.#hosts.get("crane")!, catalogue);
    this.#stops = new StopsView(this.#hosts.get("stops")!, catalogue, (terminal) => clocks(terminal)?.shiftBeganAt ?? null);
    this.#calls = new CallsView(this.#hosts.get("calls")!, catalogue, (terminal) => clocks(terminal)?.timeZone ?? null);
    this.#figures = new FiguresView(this.#hosts.get("figures")!, catalogue);
    this.#explain = new ExplainPanel(catalogue, () => {
      location.hash = link(this.#main);
    });
    window.addEventListener("hashchange", () => this.#follow());
  }

  /** The terminal that the link in the address names. */
  static named(): string | null {
    const asked = parse(location.hash);
    return asked.view === "terminal" ? null : asked.terminal;
  }

  /** Another terminal is shown: links lead to its parts, and what was shown of the one before is left. */
  enter(terminal: string): void {
    const before = this.#terminal;
    this.#terminal = terminal;
    const targets: Record<Main, Route> = {
      terminal: { view: "terminal" },
      crane: { view: "crane", terminal, device: null, lockedAt: null },
      stops: { view: "stops", terminal, device: null },
      calls: { view: "calls", terminal, call: null },
      figures: { view: "figures", terminal, subject: null },
    };
    for (const one of MAINS) this.#links.get(one)!.setAttribute("href", link(targets[one]));
    const named = Views.named();
    if (before !== "" && named !== null && named !== terminal) location.hash = link(targets[this.#main.view as Main]);
    else this.#follow();
  }

  render(picture: Picture, nowMs: number): void {
    this.#explain.render(picture);
    switch (this.#main.view) {
      case "crane":
        this.#crane.render(picture);
        break;
      case "stops":
        this.#stops.render(picture, nowMs);
        break;
      case "calls":
        this.#calls.render(picture, nowMs);
        break;
      case "figures":
        this.#figures.render(picture);
        break;
      default:
    }
  }

  /** The window of KPI values that is seen beside the main ones. */
  get window(): "shift" | "all" | null {
    if (this.#main.view === "figures" || this.#explain.lacksWindows(this.#picture())) return "all";
    return this.#main.view === "crane" || this.#main.view === "stops" ? "shift" : null;
  }

  #follow(): void {
    const route = parse(location.hash);
    if (this.#terminal === "") return;
    if (route.view !== "terminal" && route.terminal !== this.#terminal) {
      this.#travel(route.terminal);
      return;
    }
    if (route.view === "kpi") this.#explain.show(route, this.#picture());
    else this.#open(route);
  }

  #open(route: Route): void {
    this.#explain.hide();
    const place = link(route);
    if (place === this.#opened) return;
    this.#opened = place;
    const before = this.#main.view;
    this.#main = route;
    if (before !== route.view) {
      this.#stops.hide();
      this.#calls.hide();
      this.#figures.hide();
    }
    for (const one of MAINS) {
      this.#hosts.get(one)!.hidden = one !== route.view;
      const to = this.#links.get(one)!;
      if (one === route.view) to.setAttribute("aria-current", "page");
      else to.removeAttribute("aria-current");
    }
    document.body.dataset["view"] = route.view;
    if (before !== route.view) window.scrollTo(0, 0);
    if (route.view === "crane") void this.#crane.show(route);
    if (route.view === "stops") this.#stops.show(route);
    if (route.view === "calls") this.#calls.show(route);
    if (route.view === "figures") this.#figures.show(route);
    this.render(this.#picture(), Date.now());
  }
}
