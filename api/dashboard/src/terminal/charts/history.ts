/** Six hours of KPI values of one terminal: read once, then continued by the live feed. */

import { Timeline, type Values } from "../../shared/charts/timeline.ts";
import * as reads from "../../shared/live/reads.ts";
import type { TerminalData } from "../../shared/live/terminal-data.ts";
import { type Trace, traceKey } from "./traces.ts";

const STEP_MS = 60_000;
const SPAN_MS = 6 * 3_600_000;
/** Late data change the past: it is read again now and then. */
const REREAD_MS = 5 * 60_000;
/** A failed read is tried again after this long. */
const RETRY_MS = 5_000;
const AT_ONCE = 4;

export class History {
  readonly #timeline = new Timeline(STEP_MS, SPAN_MS);
  readonly #terminal: string;
  readonly #changed: () => void;
  #read = new Set<string>();
  #readMs = 0;
  #traces: readonly Trace[] = [];

  /** @param changed values of the past have come. */
  constructor(terminal: string, changed: () => void) {
    this.#terminal = terminal;
    this.#changed = changed;
  }

  /** Read the past again. */
  reread(): void {
    this.#read.clear();
  }

  /** Take the values that traces have now, and read the past of those of which it is missing. */
  update(data: TerminalData, traces: readonly Trace[], nowMs: number): void {
    this.#traces = traces;
    for (const trace of traces) this.#timeline.add(traceKey(trace));
    if (this.#timeline.advance(nowMs) || nowMs - this.#readMs > REREAD_MS) this.reread();
    for (const trace of traces) {
      const value = data.kpi(trace.kpi, trace.subject);
      if (value !== undefined) this.#timeline.put(traceKey(trace), Math.max(value.time ?? nowMs, this.#timeline.lastMs), value.value);
    }
    void this.#readMissing(nowMs);
  }

  /** Start of each step. [s since 1970 UTC] */
  times(): number[] {
    return this.#timeline.times();
  }

  values(traces: readonly Trace[]): Values[] {
    return traces.map((trace) => this.#timeline.values(traceKey(trace)));
  }

  async #readMissing(nowMs: number): Promise<void> {
    const missing = this.#traces.filter((trace) => !this.#read.has(traceKey(trace)));
    if (missing.length === 0) return;
    for (const trace of missing) this.#read.add(traceKey(trace));
    this.#readMs = nowMs;
    const readSome = async (): Promise<void> => {
      for (let trace = missing.shift(); trace !== undefined; trace = missing.shift()) await this.#readOne(trace, nowMs);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, readSome));
    this.#changed();
  }

  async #readOne(trace: Trace, nowMs: number): Promise<void> {
    const key = traceKey(trace);
    const series = { terminal: this.#terminal, kpi: trace.kpi, subject: trace.subject };
    const points = await reads.history(series, nowMs - SPAN_MS, nowMs + STEP_MS, STEP_MS / 1000);
    if (points === null) window.setTimeout(() => this.#read.delete(key), RETRY_MS);
    else this.#timeline.fill(key, points);
  }
}
