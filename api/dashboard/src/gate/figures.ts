/** What transactions and visits of a span add up to. Times in ms since 1970 UTC. */

import { type LastTruck, lastTrucks, type Transaction } from "../shared/model/transaction.ts";
import type { Visit } from "../shared/model/visit.ts";
import type { Bounds } from "../shared/span/span.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A truck inside for longer has left unseen. */
export const LONGEST_VISIT_MS = 24 * HOUR_MS;
const BUCKET_MIN = 10;
/** The last bucket has all that are longer. */
const BUCKETS = 13;

/** Turn times of the visits that ended in a span, shortest first. [ms] */
export function turnTimes(visits: readonly Visit[], { fromMs, toMs }: Bounds): number[] {
  return visits
    .filter(({ leftAt }) => leftAt !== null && leftAt >= fromMs && leftAt < toMs)
    .flatMap(({ enteredAt, leftAt }) => (enteredAt === null || leftAt === null ? [] : [leftAt - enteredAt]))
    .sort((a, b) => a - b);
}

/** A quantile of sorted numbers, linear between neighbours as the server has it; null of none. */
export function quantile(sorted: readonly number[], share: number): number | null {
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}

export interface Bucket {
  fromMin: number;
  /** Null: no end. */
  toMin: number | null;
  count: number;
}

/** How many turn times lie in each ten minutes. */
export function distribution(sorted: readonly number[]): Bucket[] {
  const counts = Array.from({ length: BUCKETS }, () => 0);
  for (const ms of sorted) counts[Math.min(BUCKETS - 1, Math.max(0, Math.floor(ms / (BUCKET_MIN * MINUTE_MS))))]! += 1;
  return counts.map((count, at) => ({ fromMin: at * BUCKET_MIN, toMin: at === BUCKETS - 1 ? null : (at + 1) * BUCKET_MIN, count }));
}

/** Shares below one hour, of one to two, and of two or more. */
export function shares(sorted: readonly number[]): [number, number, number] {
  const below = (hours: number): number => sorted.filter((ms) => ms < hours * HOUR_MS).length / Math.max(1, sorted.length);
  return [below(1), below(2) - below(1), sorted.length === 0 ? 0 : 1 - below(2)];
}

/** Visits of trucks that were inside at a time, the longest first. */
export function insideAt(visits: readonly Visit[], atMs: number): Visit[] {
  const inside = ({ enteredAt, leftAt, reason }: Visit): boolean =>
    enteredAt !== null && enteredAt <= atMs && enteredAt > atMs - LONGEST_VISIT_MS && (leftAt === null ? reason !== "entered_again" : leftAt > atMs);
  return visits.filter(inside).sort((a, b) => (a.enteredAt ?? 0) - (b.enteredAt ?? 0));
}

export interface LaneFigures {
  lane: string;
  /** Trucks that passed, and those that did not: backed out, or were sent away. */
  passed: number;
  turnedBack: number;
  trouble: number;
  /** Median from coming into the lane to the barrier. [ms] */
  toBarrierMs: number | null;
  last: LastTruck | null;
}

const BACK = new Set(["reversed_out", "cancelled"]);

/** Figures of each lane, by its name. */
export function lanesOf(transactions: readonly Transaction[], lanes: readonly string[]): LaneFigures[] {
  const last = lastTrucks(transactions);
  const names = new Set([...lanes, ...transactions.map((one) => one.lane)]);
  return [...names].sort(byName.compare).map((lane) => {
    const own = transactions.filter((one) => one.lane === lane);
    const toBarrier = own.flatMap(({ enteredAt, openedAt }) => (openedAt === null ? [] : [openedAt - enteredAt])).sort((a, b) => a - b);
    return {
      lane,
      passed: own.filter((one) => one.leftAt !== null || one.reason === "exit_unseen").length,
      turnedBack: own.filter((one) => BACK.has(one.reason ?? "")).length,
      trouble: own.filter((one) => one.trouble).length,
      toBarrierMs: quantile(toBarrier, 0.5),
      last: last.get(lane) ?? null,
    };
  });
}

/** in2 before in10. */
const byName = new Intl.Collator("en", { numeric: true });
