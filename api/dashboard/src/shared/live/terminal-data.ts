/** Everything the page knows of one terminal; frames of the live feed change it. */

import type { Check, Device, Excursion, KpiValue, Latest, Move, Visit } from "../model/facts.ts";
import * as facts from "../model/facts.ts";
import { each, figure, type Json, moment, record, text } from "../api/fields.ts";

export type Part = "kpis" | "devices" | "latest" | "moves" | "visits" | "excursions" | "health";
const ALL: readonly Part[] = ["kpis", "devices", "latest", "moves", "visits", "excursions", "health"];

/** Windows of KPI values, the usual one first. */
export const WINDOWS: readonly string[] = ["PT1H", "now", "shift", "call", "day"];

const MOST_MOVES = 200;
const MOST_VISITS = 200;
const MOST_EXCURSIONS = 2_000;

export class Picture {
  devices = new Map<string, Device>();
  latest = new Map<string, Latest>();
  kpis = new Map<string, KpiValue>();
  moves: Move[] = [];
  visits: Visit[] = [];
  excursions: Excursion[] = [];
  checks: Check[] = [];
  quarantineTotal: number | null = null;
  /** Newest event time of any device. */
  newest: number | null = null;
  /** Whether the values of all windows have been read since the last snapshot, which holds only the main ones. */
  allWindows = false;
  /** How far the server's clock is ahead of this machine's. [ms] */
  clockAhead = 0;
  /** Longest interval seen between samples of a device, for telling a slow poll from silence. [ms] */
  readonly intervals = new Map<string, number>();

  /**
   * Take one frame.
   * @param nowMs this machine's clock.
   * @returns what changed; nothing for a frame of an unknown type.
   */
  apply(raw: unknown, nowMs: number): readonly Part[] {
    const frame = record(raw);
    switch (text(frame["type"])) {
      case "snapshot":
        this.#replace(frame, nowMs);
        return ALL;
      case "kpi":
        this.#takeKpis(frame["values"]);
        return ["kpis"];
      case "latest":
        this.#takeLatest(frame["latest"]);
        return ["latest"];
      case "moves":
        this.addMoves(each(frame["moves"], facts.move));
        return ["moves"];
      case "visits":
        this.addVisits(each(frame["visits"], facts.visit));
        return ["visits"];
      case "excursions":
        this.addExcursions(each(frame["excursions"], facts.excursion));
        return ["excursions"];
      case "health":
        this.#takeDevices(frame["devices"]);
        this.quarantineTotal = figure(frame["quarantine_total"]) ?? this.quarantineTotal;
        this.checks = facts.checks(frame["ready"]);
        return ["health", "devices"];
      default:
        return [];
    }
  }

  /** A KPI's value in a window; not told which: the sliding one, or the first there is. */
  kpi(id: string, subject: string, window?: string): KpiValue | undefined {
    for (const one of window === undefined ? WINDOWS : [window]) {
      const found = this.kpis.get(`${id}/${subject}/${one}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** All values of a subject. */
  kpisOf(subject: string): KpiValue[] {
    return [...this.kpis.values()].filter((one) => one.subject === subject);
  }

  sample(stream: string, device: string): Latest | undefined {
    return this.latest.get(`${stream}/${device}`);
  }

  /** Devices of a stream: those announced, and those only heard of by a sample so far. */
  ids(stream: string): string[] {
    const ids = new Set<string>();
    for (const one of this.devices.values()) if (one.stream === stream) ids.add(one.device);
    for (const one of this.latest.values()) if (one.stream === stream) ids.add(one.device);
    return [...ids];
  }

  device(stream: string, device: string): Device | undefined {
    return this.devices.get(`${stream}/${device}`);
  }

  addMoves(moves: readonly Move[]): void {
    const known = new Map([...this.moves, ...moves].map((one) => [`${one.device}/${one.lockedAt}`, one]));
    this.moves = [...known.values()].sort((a, b) => b.unlockedAt - a.unlockedAt).slice(0, MOST_MOVES);
  }

  addVisits(visits: readonly Visit[]): void {
    const last = (one: Visit): number => one.leftAt ?? one.enteredAt ?? 0;
    const known = new Map(this.visits.map((one) => [one.visit, one]));
    for (const one of visits) if (one.leftAt !== null || !known.get(one.visit)?.leftAt) known.set(one.visit, one);
    this.visits = [...known.values()].sort((a, b) => last(b) - last(a)).slice(0, MOST_VISITS);
  }

  addExcursions(excursions: readonly Excursion[]): void {
    const key = (one: Excursion): string => `${one.device}/${one.probe}/${one.beganAt}`;
    const known = new Map(this.excursions.map((one) => [key(one), one]));
    for (const one of excursions) if (one.endedAt !== null || !known.get(key(one))?.endedAt) known.set(key(one), one);
    const open = (one: Excursion): number => (one.endedAt === null ? 0 : 1);
    this.excursions = [...known.values()]
      .sort((a, b) => open(a) - open(b) || (b.endedAt ?? b.beganAt) - (a.endedAt ?? a.beganAt))
      .slice(0, MOST_EXCURSIONS);
  }

  #replace(frame: Json, nowMs: number): void {
    this.devices.clear();
    this.latest.clear();
    this.kpis.clear();
    this.moves = [];
    this.visits = [];
    this.excursions = [];
    this.newest = null;
    this.allWindows = false;
    this.clockAhead = (moment(frame["now"]) ?? nowMs) - nowMs;
    this.quarantineTotal = figure(frame["quarantine_total"]);
    this.#takeDevices(frame["devices"]);
    this.#takeLatest(frame["latest"]);
    this.#takeKpis(frame["kpis"]);
    this.addMoves(each(frame["moves"], facts.move));
  }

  #takeDevices(raw: unknown): void {
    for (const one of each(raw, facts.device)) {
      this.devices.set(`${one.stream}/${one.device}`, one);
      this.#advance(one.lastTime);
    }
  }

  /** Values of windows that the live feed does not tell. */
  addKpis(values: readonly KpiValue[]): void {
    for (const one of values) this.kpis.set(`${one.kpi}/${one.subject}/${one.window}`, one);
  }

  #takeKpis(raw: unknown): void {
    this.addKpis(each(raw, facts.kpiValue));
  }

  #takeLatest(raw: unknown): void {
    for (const one of each(raw, facts.latest)) {
      const key = `${one.stream}/${one.device}`;
      const before = this.latest.get(key);
      if (before !== undefined && one.time > before.time) {
        this.intervals.set(key, Math.max(one.time - before.time, this.intervals.get(key) ?? 0));
      }
      this.latest.set(key, { ...one, signals: { ...carried(before, one), ...one.signals } });
      this.#advance(one.time);
    }
  }

  #advance(time: number | null): void {
    if (time !== null && (this.newest === null || time > this.newest)) this.newest = time;
  }
}

/** Signals that still hold although the new sample does not carry them. */
function carried(before: Latest | undefined, now: Latest): Json {
  if (before === undefined) return {};
  if (now.stream !== "gate") return before.signals;
  // A gate event tells of one truck: only the lane's own state outlives it, and the same visit's plate.
  const { queue_length, direction, visit_id, plate } = before.signals as Json;
  const sameTruck = visit_id !== undefined && visit_id === now.signals["visit_id"];
  return { queue_length, direction, ...(sameTruck ? { plate } : {}) };
}
