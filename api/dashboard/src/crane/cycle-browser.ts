/** Which cycles of a crane are shown, and which part of them: what the page of a crane follows. */

import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Result } from "../shared/api/client.ts";
import { cycleLink } from "../shared/routing/links.ts";
import { type Cycle, type Span, visibleSpan } from "./cycle.ts";
import { cyclesAround, cyclesBefore, traceOf } from "./reads.ts";
import { NO_TRACE, type Trace } from "./signals/trace.ts";

export type Status = "reading" | "read" | { failure: string };

export class CycleBrowser {
  /** Oldest first. */
  readonly cycles = signal<readonly Cycle[]>([]);
  readonly status = signal<Status>("reading");
  readonly chosen = signal<Cycle | null>(null);
  /** A span drawn with the mouse. */
  readonly zoom = signal<Span | null>(null);
  /** The cycle that the link names, by the time of its lock. */
  readonly lockedAt = signal<number | null>(null);
  /** Cycles that ended before this are shown; null: the last ones. */
  readonly before = signal<number | null>(null);
  readonly trace = signal<Trace>(NO_TRACE);
  readonly traceStatus = signal<Status>("reading");
  /** The part of the time that is shown; null without cycles. */
  readonly span: ReadonlySignal<Span | null> = computed(() => this.zoom.value ?? visibleSpan(this.cycles.value, this.chosen.value));
  readonly #terminal: string;
  readonly #device: string;
  #turn = 0;
  #busy = false;
  #traceTurn = 0;

  constructor(terminal: string, device: string) {
    this.#terminal = terminal;
    this.#device = device;
  }

  /** Follow a link to a cycle; null: to the last ones. */
  show(lockedAt: number | null): void {
    this.zoom.value = null;
    this.lockedAt.value = lockedAt;
    const found = this.cycles.value.find((one) => one.move.lockedAt === lockedAt);
    if (this.cycles.value.length > 0 && (lockedAt === null || found !== undefined)) {
      this.chosen.value = found ?? null;
      return;
    }
    this.before.value = null;
    this.#clear();
    void this.read();
  }

  /** Show the cycles before a time; null: the last ones. */
  page(before: number | null): void {
    this.before.value = before;
    this.zoom.value = null;
    this.lockedAt.value = null;
    history.replaceState(null, "", cycleLink(this.#terminal, this.#device, null));
    this.#clear();
    void this.read();
  }

  /** Lead to a cycle; null: back to all. */
  goTo(cycle: Cycle | null): void {
    location.hash = cycleLink(this.#terminal, this.#device, cycle?.move.lockedAt ?? null);
  }

  /** Back from a cycle or a span to all. */
  reset(): void {
    this.zoom.value = null;
    if (this.lockedAt.value !== null) this.goTo(null);
    else this.chosen.value = null;
  }

  /** A move has ended: it joins the last ones while all of them are shown. */
  follow(unlockedAt: number): void {
    const following = this.before.peek() === null && this.chosen.peek() === null && this.zoom.peek() === null && !this.#busy;
    const newest = this.cycles.peek().at(-1)?.endMs ?? 0;
    if (following && unlockedAt > newest && !document.hidden) void this.read();
  }

  async read(): Promise<void> {
    const turn = ++this.#turn;
    const lockedAt = this.lockedAt.peek();
    this.#busy = true;
    const result = await (lockedAt === null
      ? cyclesBefore(this.#terminal, this.#device, this.before.peek())
      : cyclesAround(this.#terminal, this.#device, lockedAt));
    if (turn !== this.#turn) return;
    this.#busy = false;
    batch(() => {
      this.status.value = statusOf(result);
      if (!result.ok) return;
      this.chosen.value = result.value.find((one) => one.move.lockedAt === lockedAt) ?? null;
      this.cycles.value = result.value;
    });
  }

  async readTrace(span: Span): Promise<void> {
    const turn = ++this.#traceTurn;
    const result = await traceOf(this.#terminal, this.#device, span);
    if (turn !== this.#traceTurn) return;
    batch(() => {
      this.traceStatus.value = statusOf(result);
      this.trace.value = result.ok ? result.value : NO_TRACE;
    });
  }

  #clear(): void {
    this.cycles.value = [];
    this.chosen.value = null;
    this.status.value = "reading";
  }
}

function statusOf(result: Result<unknown>): Status {
  return result.ok ? "read" : { failure: result.message };
}
