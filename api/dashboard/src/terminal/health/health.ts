/** Data health: what was stored, what was refused, by whom it was sent, and what to change. */

import { h, write } from "../../shared/dom/dom.ts";
import type { Device, Quarantined } from "../../shared/model/facts.ts";
import { byId, clock, count, fixed } from "../../shared/format/figures.ts";
import type { Picture } from "../../shared/live/terminal-data.ts";
import type { Quarantine } from "../../shared/api/rest.ts";

const MOST_DEVICES = 5;
const RATE_SPAN_MS = 20_000;

const COUNTERS: [label: string, read: (one: Device) => number][] = [
  ["stored", (one) => one.stored],
  ["duplicates", (one) => one.duplicate],
  ["late", (one) => one.late],
  ["out of range", (one) => one.outOfRange],
  ["unknown keys", (one) => one.unknownKeys],
];

/** What makes a device worth a look; refused and implausible data weighs most. */
function trouble(one: Device): number {
  return 1000 * (one.quarantined + one.outOfRange) + 10 * one.unknownKeys + one.late + one.duplicate;
}

export class Health {
  readonly #checks = h("ul", { class: "checks" });
  readonly #counters = h("dl", { class: "counters" });
  readonly #numbers = new Map<string, HTMLElement>();
  readonly #devices = h("ul", { class: "problems" });
  readonly #reasons = h("ul", { class: "reasons" });
  #stored: [ms: number, count: number][] = [];
  #counted = 0;

  constructor(host: HTMLElement) {
    for (const name of ["online", "offline", "no status", "samples/s", ...COUNTERS.map(([label]) => label), "quarantined"]) {
      const value = h("dd");
      this.#numbers.set(name, value);
      this.#counters.append(h("div", { "data-counter": name }, h("dt", {}, name), value));
    }
    host.append(this.#checks, this.#counters, h("h3", {}, "Devices to look at"), this.#devices, h("h3", {}, "Last refused, and what to change"), this.#reasons);
  }

  clear(): void {
    this.#stored = [];
    this.tellQuarantine({ newest: [], byReason: [] });
  }

  render(picture: Picture, nowMs: number): void {
    const devices = [...picture.devices.values()];
    const put = (name: string, value: number | null): void => {
      const node = this.#numbers.get(name);
      if (node === undefined) return;
      write(node, count(value));
      node.parentElement!.dataset["some"] = String(value !== null && value > 0);
    };
    put("online", devices.filter((one) => one.online === true).length);
    put("no status", devices.filter((one) => one.online === null).length);
    put("offline", devices.filter((one) => one.online === false).length);
    for (const [label, read] of COUNTERS) put(label, devices.reduce((sum, one) => sum + read(one), 0));
    put("samples/s", this.#rate(devices.reduce((sum, one) => sum + one.stored, 0), devices.length, nowMs));
    put("quarantined", picture.quarantineTotal);
    this.#tellChecks(picture);
    const worst = devices.filter((one) => trouble(one) > 0).sort((a, b) => trouble(b) - trouble(a) || byId(a.device, b.device));
    this.#devices.replaceChildren(
      ...(worst.length === 0 ? [h("li", { class: "empty" }, "None: no device sent anything odd")] : worst.slice(0, MOST_DEVICES).map(problem)),
    );
  }

  tellQuarantine(quarantine: Quarantine): void {
    this.#reasons.replaceChildren(
      ...(quarantine.newest.length === 0 ? [h("li", { class: "empty" }, "Nothing refused")] : quarantine.newest.map(refused)),
    );
  }

  #tellChecks(picture: Picture): void {
    this.#checks.replaceChildren(
      ...picture.checks.map((one) =>
        h("li", { "data-ok": String(one.ok) }, `${one.ok ? "✓" : "✕"} ${one.name}`, one.ok || one.detail === "" ? null : h("span", {}, ` – ${one.detail}`)),
      ),
    );
  }

  /** Samples stored a second, over the last seconds; counters come each two. */
  #rate(stored: number, devices: number, nowMs: number): number | null {
    if (devices !== this.#counted) this.#stored = []; // a new device brings what it sent before
    this.#counted = devices;
    const last = this.#stored.at(-1);
    if (last === undefined || last[1] !== stored || nowMs - last[0] > 5_000) this.#stored.push([nowMs, stored]);
    this.#stored = this.#stored.filter(([ms]) => nowMs - ms < RATE_SPAN_MS);
    const first = this.#stored[0];
    if (first === undefined || nowMs - first[0] < 3_000) return null;
    return Math.max(0, (stored - first[1]) / ((nowMs - first[0]) / 1000));
  }
}

function problem(one: Device): HTMLElement {
  const parts: [number, string][] = [
    [one.quarantined, "quarantined"],
    [one.outOfRange, "out of range"],
    [one.unknownKeys, "unknown keys"],
    [one.late, "late"],
    [one.duplicate, "duplicate"],
  ];
  const text = parts.filter(([many]) => many > 0).map(([many, name]) => `${fixed(many)} ${name}`).join(" · ");
  return h("li", {}, h("b", {}, one.device), ` ${one.stream} `, h("span", {}, text));
}

function refused(one: Quarantined): HTMLElement {
  return h(
    "li",
    {},
    h("p", {}, h("b", {}, one.reason), " ", h("code", {}, one.topic), h("time", {}, clock(one.receivedAt))),
    h("p", { class: "detail" }, one.detail),
  );
}
