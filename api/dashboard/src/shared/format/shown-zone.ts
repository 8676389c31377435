/** The zone in which the page shows every time: the terminal's own clocks, or UTC. People choose it in the head of the page. */

import { computed, signal } from "@preact/signals";
import { zoneName } from "./zones.ts";

export type ZoneChoice = "terminal" | "utc";

const KEY = "quaystream.zone";
const choice = signal<ZoneChoice>(savedChoice());
const terminalZone = signal<string | null>(null);

/** IANA name; null: UTC. */
export const shownZone = computed(() => (choice.value === "utc" ? null : terminalZone.value));

/** The same by its IANA name. */
export const zoneId = computed(() => shownZone.value ?? "UTC");

/** The other one, in which a time may stand beside the first; null: UTC. Undefined: the terminal's clocks show UTC. */
export const otherZone = computed(() => (isUtc(terminalZone.value) ? undefined : choice.value === "utc" ? terminalZone.value : null));

/** @param zone IANA name of the zone of the terminal that is shown; null: not known yet. */
export function setTerminalZone(zone: string | null): void {
  terminalZone.value = zone;
}

/** The choice is kept in this browser. */
export function chooseZone(chosen: ZoneChoice): void {
  choice.value = chosen;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage is switched off: the choice holds until the page is left.
  }
}

/** What the shown zone is called above times of any day: GMT-5, or Berlin time where clocks are set back and forth. */
export function zoneTitle(): string {
  const zone = shownZone.value;
  const [winter, summer] = [zoneName(Date.UTC(2026, 0, 1), zone), zoneName(Date.UTC(2026, 6, 1), zone)];
  return winter === summer ? winter : `${zone?.split("/").at(-1)?.replaceAll("_", " ")} time`;
}

/** The name of a column of times: Since, GMT-5. */
export function timed(name: string): string {
  return `${name}, ${zoneTitle()}`;
}

function isUtc(zone: string | null): boolean {
  return zone === null || zoneName(0, zone) === zoneName(0, null);
}

function savedChoice(): ZoneChoice {
  try {
    return localStorage.getItem(KEY) === "utc" ? "utc" : "terminal";
  } catch {
    return "terminal"; // storage is switched off
  }
}
