/** Starts the page: chooses a terminal, joins its live feed, and draws what changes. */

import "./shared/style/page.css";
import "./shared/style/panels.css";
import "./terminal/quay/quay.css";
import "./terminal/reefers/reefers.css";
import "./terminal/charts/charts.css";
import "./shared/style/views.css";
import "./crane/crane.css";
import "./explain/explain.css";
import "./stops/stops.css";
import "./calls/calls.css";
import { Charts } from "./terminal/charts/charts.ts";
import { place } from "./shared/dom/dom.ts";
import type { Terminal } from "./shared/model/facts.ts";
import { Gate } from "./terminal/gate/gate.ts";
import { Header } from "./header/header.ts";
import { Health } from "./terminal/health/health.ts";
import { type Connection, Live } from "./shared/live/connection.ts";
import { Moves } from "./terminal/moves/moves.ts";
import { type Part, Picture } from "./shared/live/terminal-data.ts";
import { Plugs } from "./terminal/reefers/plugs.ts";
import { Quay } from "./terminal/quay/quay.ts";
import * as rest from "./shared/api/rest.ts";
import type { Catalogue } from "./shared/kpis/readings.ts";
import { Tiles } from "./terminal/tiles/tiles.ts";
import { Views } from "./views.ts";

const DRAW_MS = 120;
const SECOND_MS = 1_000;
const TERMINALS_MS = 30_000;
const WINDOWS_MS = 4_000;
const NO_TERMINALS_MS = 3_000;
/** The id to show in hints while there is no terminal at all. */
const EXAMPLE_TERMINAL = "demo";

const header = new Header(place("head"), (chosen) => show(chosen));
const tiles = new Tiles(place("tiles"));
const quay = new Quay(place("quay"), place("wind"));
const gate = new Gate(place("gate"));
const plugs = new Plugs(place("reefers"), place("reefer-legend"));
const charts = new Charts(place("rates"), place("trucks"), place("cold"));
const moves = new Moves(place("moves"));
const health = new Health(place("health"));

const catalogue: Catalogue = new Map();
const listed = new Map<string, Terminal>();
const views = new Views(catalogue, (one) => listed.get(one), () => picture, (named) => show(named));

let picture = new Picture();
let terminal = "";
let live: Live | null = null;
let quarantineTold: number | null = null;
let describedKpis = false;
const changed = new Set<Part | "second">();
let drawTimer = 0;

function soon(parts: Iterable<Part | "second">): void {
  for (const part of parts) changed.add(part);
  if (changed.size > 0 && drawTimer === 0) drawTimer = window.setTimeout(draw, DRAW_MS);
}

function draw(): void {
  drawTimer = 0;
  const parts = new Set(changed);
  changed.clear();
  const any = (...wanted: (Part | "second")[]): boolean => wanted.some((part) => parts.has(part));
  const nowMs = Date.now() + picture.clockAhead;
  header.render(picture, nowMs);
  views.render(picture, nowMs);
  if (any("kpis")) tiles.render(picture, terminal);
  if (any("latest", "devices", "kpis", "second")) quay.render(picture, terminal || EXAMPLE_TERMINAL, nowMs);
  if (any("latest", "devices", "visits")) gate.render(picture);
  if (any("latest", "devices", "excursions") || (any("second") && Math.floor(nowMs / SECOND_MS) % 10 === 0)) plugs.render(picture, nowMs);
  if (any("moves")) moves.render(picture, terminal);
  if (any("devices", "health")) health.render(picture, nowMs);
  if (any("kpis", "devices") || (any("second") && Math.floor(nowMs / SECOND_MS) % 5 === 0)) charts.render(picture, terminal);
  if (any("health", "devices")) void readQuarantine();
}

function show(chosen: string): void {
  live?.stop();
  terminal = chosen;
  picture = new Picture();
  quarantineTold = null;
  quay.clear();
  moves.clear();
  health.clear();
  const url = new URL(location.href);
  url.searchParams.set("terminal", chosen);
  window.history.replaceState(null, "", url);
  live = new Live(chosen, take, linked);
  views.enter(chosen);
  void readWindows();
  void findTerminals();
}

function take(frame: unknown): void {
  const parts = picture.apply(frame, Date.now());
  if (parts.length === 7) afterSnapshot();
  soon(parts);
}

/** A snapshot is enough to draw; lists that it does not carry are read beside it. */
function afterSnapshot(): void {
  moves.clear();
  charts.reread();
  quarantineTold = null;
  const into = picture;
  const merge = <T>(rows: Promise<T[] | null>, add: (rows: T[]) => void, part: Part): void => {
    void rows.then((found) => {
      if (found === null || into !== picture) return;
      add(found);
      if (part === "moves") moves.clear();
      soon([part]);
    });
  };
  merge(rest.moves(terminal, 60), (rows) => into.addMoves(rows), "moves");
  merge(rest.visits(terminal, 40), (rows) => into.addVisits(rows), "visits");
  merge(rest.excursions(terminal, 1_000), (rows) => into.addExcursions(rows), "excursions");
  void describe();
  void readWindows(); // those that were read before are gone with the picture before
}

async function describe(): Promise<void> {
  if (describedKpis) return;
  const found = await rest.catalogue();
  if (found === null || found.length === 0) return;
  describedKpis = true;
  for (const one of found) catalogue.set(one.id, one);
  tiles.describe(found);
  soon(["kpis"]);
}

async function readQuarantine(): Promise<void> {
  const total = picture.quarantineTotal;
  if (total === null || total === quarantineTold) return;
  quarantineTold = total;
  const found = await rest.quarantine(terminal, 6);
  if (found !== null) health.tellQuarantine(found);
}

/** The live feed tells the main window of each KPI; others are asked for while they are seen. */
async function readWindows(): Promise<void> {
  const { window } = views;
  if (window === null || terminal === "" || document.hidden) return;
  const into = picture;
  const found = await rest.kpisOver(terminal, window);
  if (found === null || into !== picture) return;
  into.addKpis(found);
  if (window === "all") into.allWindows = true;
  soon(["kpis"]);
}

function linked(link: Connection): void {
  header.connection(link);
  soon(["second"]);
}

/** List terminals again and again: one may appear at any time. */
let terminalsTimer = 0;
async function findTerminals(): Promise<void> {
  window.clearTimeout(terminalsTimer);
  const found = await rest.terminals();
  const names = (found ?? []).map((one) => one.terminal).sort();
  const largest = [...(found ?? [])].sort((a, b) => b.devices - a.devices)[0];
  const asked = Views.named() ?? new URL(location.href).searchParams.get("terminal");
  for (const one of found ?? []) listed.set(one.terminal, one);
  if (terminal === "" && (asked !== null || largest !== undefined)) {
    show(asked ?? largest!.terminal);
    return;
  }
  header.list(terminal === "" || names.includes(terminal) ? names : [terminal, ...names], terminal);
  if (terminal === "") header.connection({ state: found === null ? "connecting" : "connected" });
  terminalsTimer = window.setTimeout(() => void findTerminals(), names.length === 0 ? NO_TERMINALS_MS : TERMINALS_MS);
}

new ResizeObserver(() => soon(["latest", "devices"])).observe(place("quay"));
window.setInterval(() => soon(["second"]), SECOND_MS);
window.setInterval(() => void readWindows(), WINDOWS_MS);
window.addEventListener("hashchange", () => void readWindows());
header.connection({ state: "connecting" });
health.clear();
header.list([], "");
soon(["kpis", "devices", "latest", "moves", "visits", "excursions", "health"]);
void describe();
void findTerminals();
