/** How lists of facts grow: by natural key, newest first, and never without end. */

import type { Json } from "../api/fields.ts";
import type { Sample } from "../model/device.ts";
import { type Excursion, excursionKey } from "../model/excursion.ts";
import { type Move, moveKey } from "../model/move.ts";
import { type Visit, visitKey } from "../model/visit.ts";

const MOST_MOVES = 200;
const MOST_VISITS = 200;
const MOST_EXCURSIONS = 2_000;

export function mergeMoves(known: readonly Move[], added: readonly Move[]): Move[] {
  const moves = new Map([...known, ...added].map((one) => [moveKey(one), one]));
  return [...moves.values()].sort((a, b) => b.unlockedAt - a.unlockedAt).slice(0, MOST_MOVES);
}

/** A visit that has ended does not open again. */
export function mergeVisits(known: readonly Visit[], added: readonly Visit[]): Visit[] {
  const last = (one: Visit): number => one.leftAt ?? one.enteredAt ?? 0;
  const visits = new Map(known.map((one) => [visitKey(one), one]));
  for (const one of added) if (one.leftAt !== null || !visits.get(visitKey(one))?.leftAt) visits.set(visitKey(one), one);
  return [...visits.values()].sort((a, b) => last(b) - last(a)).slice(0, MOST_VISITS);
}

/** An excursion that has ended does not open again. */
export function mergeExcursions(known: readonly Excursion[], added: readonly Excursion[]): Excursion[] {
  const excursions = new Map(known.map((one) => [excursionKey(one), one]));
  for (const one of added) {
    if (one.endedAt !== null || !excursions.get(excursionKey(one))?.endedAt) excursions.set(excursionKey(one), one);
  }
  const open = (one: Excursion): number => (one.endedAt === null ? 0 : 1);
  return [...excursions.values()]
    .sort((a, b) => open(a) - open(b) || (b.endedAt ?? b.beganAt) - (a.endedAt ?? a.beganAt))
    .slice(0, MOST_EXCURSIONS);
}

/**
 * Samples of one stream by device. A signal that a sample does not carry keeps its last value.
 * @param intervals longest interval between samples by `stream/device`; grows. [ms]
 */
export function mergeSamples(known: ReadonlyMap<string, Sample>, added: readonly Sample[], intervals: Map<string, number>): Map<string, Sample> {
  const samples = new Map(known);
  for (const one of added) {
    const before = samples.get(one.device);
    const key = `${one.stream}/${one.device}`;
    if (before !== undefined && one.time > before.time) intervals.set(key, Math.max(one.time - before.time, intervals.get(key) ?? 0));
    samples.set(one.device, { ...one, signals: { ...stillValid(before, one), ...one.signals } });
  }
  return samples;
}

function stillValid(before: Sample | undefined, now: Sample): Json {
  if (before === undefined) return {};
  if (now.stream !== "gate") return before.signals;
  // A gate event is about one truck: only the lane's own state outlives it, and the same visit's plate.
  const { queue_length, direction, visit_id, plate } = before.signals;
  const sameTruck = visit_id !== undefined && visit_id === now.signals["visit_id"];
  return { queue_length, direction, ...(sameTruck ? { plate } : {}) };
}
