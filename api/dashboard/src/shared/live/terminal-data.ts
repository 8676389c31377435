/** Everything the page knows of one terminal, in signals: what reads them follows the live feed. */

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { each, fields, number, record, text, timestamp } from "../api/fields.ts";
import type * as api from "../api/schema.ts";
import { type Device, readDevice, readSample, type Sample } from "../model/device.ts";
import { type Excursion, readExcursion } from "../model/excursion.ts";
import { type KpiValue, readKpiValue, WINDOWS } from "../model/kpi.ts";
import { type Move, moveKey, readMove } from "../model/move.ts";
import { type Check, readChecks } from "../model/quarantine.ts";
import { readVisit, type Visit } from "../model/visit.ts";
import { byId } from "../format/ids.ts";
import { mergeExcursions, mergeMoves, mergeSamples, mergeVisits } from "./merge.ts";

type Samples = ReadonlyMap<string, Sample>;

export class TerminalData {
  readonly #known = signal(false);
  readonly #devices = signal<ReadonlyMap<string, Device>>(new Map());
  readonly #kpis = signal<ReadonlyMap<string, KpiValue>>(new Map());
  readonly #moves = signal<readonly Move[]>([]);
  readonly #visits = signal<readonly Visit[]>([]);
  readonly #excursions = signal<readonly Excursion[]>([]);
  readonly #checks = signal<readonly Check[]>([]);
  readonly #quarantineTotal = signal<number | null>(null);
  readonly #alarmChanges = signal(0);
  readonly #newest = signal<number | null>(null);
  readonly #allWindows = signal(false);
  /** By stream, so that a sample of a reefer does not draw the quay. */
  readonly #samples = new Map<string, Signal<Samples>>();
  readonly #ids = new Map<string, ReadonlySignal<readonly string[]>>();
  /** Keys of the moves that the live feed brought after the snapshot. */
  readonly liveMoves = new Set<string>();
  /** How far the server's clock is ahead of this machine's. [ms] */
  clockOffsetMs = 0;
  /** Longest interval seen between samples of a device, for telling a slow poll from silence. [ms] */
  readonly intervals = new Map<string, number>();

  /**
   * Take one frame of the live feed: a snapshot replaces everything, one of an unknown type changes nothing.
   * @param nowMs this machine's clock.
   */
  apply(raw: unknown, nowMs: number): void {
    batch(() => this.#apply(text(record(raw)["type"]), raw, nowMs));
  }

  /** Whether a snapshot came: before that nothing is known, not even that something is missing. */
  get known(): boolean {
    return this.#known.value;
  }

  get devices(): ReadonlyMap<string, Device> {
    return this.#devices.value;
  }

  get kpis(): ReadonlyMap<string, KpiValue> {
    return this.#kpis.value;
  }

  /** The last moves, newest first. */
  get moves(): readonly Move[] {
    return this.#moves.value;
  }

  /** The last visits, newest first. */
  get visits(): readonly Visit[] {
    return this.#visits.value;
  }

  /** Open excursions first, then those that ended last. */
  get excursions(): readonly Excursion[] {
    return this.#excursions.value;
  }

  get checks(): readonly Check[] {
    return this.#checks.value;
  }

  get quarantineTotal(): number | null {
    return this.#quarantineTotal.value;
  }

  /** How many times the live feed knew of alarms that changed: lists of them are to be read again. */
  get alarmChanges(): number {
    return this.#alarmChanges.value;
  }

  /** Newest event time of any device. */
  get newest(): number | null {
    return this.#newest.value;
  }

  /** Whether the values of all windows have been read since the last snapshot, which holds only the main ones. */
  get allWindows(): boolean {
    return this.#allWindows.value;
  }

  set allWindows(read: boolean) {
    this.#allWindows.value = read;
  }

  /** A KPI's value in a window; without one: in the sliding one, or the first there is. */
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

  sample(stream: string, device: string): Sample | undefined {
    return this.#samplesOf(stream).value.get(device);
  }

  device(stream: string, device: string): Device | undefined {
    return this.devices.get(`${stream}/${device}`);
  }

  /** Devices of a stream in the order of their ids: those announced, and those of which only a sample has come so far. */
  ids(stream: string): readonly string[] {
    let ids = this.#ids.get(stream);
    if (ids === undefined) {
      let before: readonly string[] = [];
      ids = computed(() => {
        const found = new Set(this.#samplesOf(stream).value.keys());
        for (const one of this.devices.values()) if (one.stream === stream) found.add(one.device);
        if (found.size !== before.length || before.some((id) => !found.has(id))) before = [...found].sort(byId);
        return before;
      });
      this.#ids.set(stream, ids);
    }
    return ids.value;
  }

  addMoves(moves: readonly Move[]): void {
    this.#moves.value = mergeMoves(this.#moves.peek(), moves);
  }

  addVisits(visits: readonly Visit[]): void {
    this.#visits.value = mergeVisits(this.#visits.peek(), visits);
  }

  addExcursions(excursions: readonly Excursion[]): void {
    this.#excursions.value = mergeExcursions(this.#excursions.peek(), excursions);
  }

  addKpis(values: readonly KpiValue[]): void {
    const kpis = new Map(this.#kpis.peek());
    for (const one of values) kpis.set(`${one.kpi}/${one.subject}/${one.window}`, one);
    this.#kpis.value = kpis;
  }

  #apply(type: string | null, raw: unknown, nowMs: number): void {
    switch (type) {
      case "snapshot":
        return this.#replace(fields<api.Snapshot>(raw), nowMs);
      case "kpi":
        return this.addKpis(each(fields<api.KpiFrame>(raw).values, readKpiValue));
      case "latest":
        return this.#addSamples(each(fields<api.LatestFrame>(raw).latest, readSample));
      case "moves":
        return this.#addLiveMoves(each(fields<api.MovesFrame>(raw).moves, readMove));
      case "visits":
        return this.addVisits(each(fields<api.VisitsFrame>(raw).visits, readVisit));
      case "excursions":
        return this.addExcursions(each(fields<api.ExcursionsFrame>(raw).excursions, readExcursion));
      case "alarms":
        this.#alarmChanges.value++;
        return;
      case "health": {
        const frame = fields<api.HealthFrame>(raw);
        this.#addDevices(frame.devices);
        this.#quarantineTotal.value = number(frame.quarantine_total) ?? this.#quarantineTotal.peek();
        this.#checks.value = readChecks(frame.ready);
      }
    }
  }

  #replace(frame: ReturnType<typeof fields<api.Snapshot>>, nowMs: number): void {
    for (const one of this.#samples.values()) one.value = new Map();
    for (const one of [this.#moves, this.#visits, this.#excursions]) one.value = [];
    this.#devices.value = new Map();
    this.#kpis.value = new Map();
    this.#newest.value = null;
    this.#allWindows.value = false;
    this.liveMoves.clear();
    this.clockOffsetMs = (timestamp(frame.now) ?? nowMs) - nowMs;
    this.#quarantineTotal.value = number(frame.quarantine_total);
    this.#addDevices(frame.devices);
    this.#addSamples(each(frame.latest, readSample));
    this.addKpis(each(frame.kpis, readKpiValue));
    this.addMoves(each(frame.moves, readMove));
    this.#known.value = true;
  }

  #addDevices(raw: unknown): void {
    const added = each(raw, readDevice);
    const devices = new Map(this.#devices.peek());
    for (const one of added) devices.set(`${one.stream}/${one.device}`, one);
    this.#devices.value = devices;
    this.#advance(added.map((one) => one.lastTime));
  }

  #addSamples(added: readonly Sample[]): void {
    for (const stream of new Set(added.map((one) => one.stream))) {
      const samples = this.#samplesOf(stream);
      samples.value = mergeSamples(samples.peek(), added.filter((one) => one.stream === stream), this.intervals);
    }
    this.#advance(added.map((one) => one.time));
  }

  #addLiveMoves(moves: readonly Move[]): void {
    const known = new Set(this.#moves.peek().map(moveKey));
    for (const one of moves) if (!known.has(moveKey(one))) this.liveMoves.add(moveKey(one));
    this.addMoves(moves);
  }

  #samplesOf(stream: string): Signal<Samples> {
    let samples = this.#samples.get(stream);
    if (samples === undefined) {
      samples = signal<Samples>(new Map());
      this.#samples.set(stream, samples);
    }
    return samples;
  }

  #advance(times: readonly (number | null)[]): void {
    let newest = this.#newest.peek();
    for (const time of times) if (time !== null && (newest === null || time > newest)) newest = time;
    this.#newest.value = newest;
  }
}
