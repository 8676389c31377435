/** What the session reads again and again: terminals, KPI windows that are seen, rejected messages. */

import { computed, effect } from "@preact/signals";
import * as reads from "./reads.ts";
import type { Session } from "./session.ts";

const TERMINALS_MS = 30_000;
const NO_TERMINALS_MS = 3_000;
const WINDOWS_MS = 4_000;

/** List terminals for ever: one may appear at any time. The first is chosen by the address, else the largest. */
export async function pollTerminals(session: Session): Promise<void> {
  const found = await reads.terminals();
  const { terminal, terminals, connection } = session;
  if (found !== null) terminals.value = found;
  if (terminal.peek() === "") {
    const largest = [...(found ?? [])].sort((a, b) => b.devices - a.devices)[0];
    const chosen = session.router.terminal ?? new URL(location.href).searchParams.get("terminal") ?? largest?.terminal;
    if (chosen !== undefined) session.open(chosen);
    else connection.value = { state: found === null ? "connecting" : "connected" };
  }
  window.setTimeout(() => void pollTerminals(session), found === null || found.length === 0 ? NO_TERMINALS_MS : TERMINALS_MS);
}

/** @param window the KPI window that is seen beside the main ones now. */
export function pollWindows(session: Session, window: () => "shift" | "all" | null): void {
  const current = computed(window);
  const read = (): void => {
    const seen = current.value;
    if (seen !== null && session.terminal.value !== "" && !document.hidden) void session.readWindow(seen);
  };
  // At once where another window is seen, and after a snapshot: it replaced those that were read before.
  effect(() => {
    void session.snapshots.value;
    read();
  });
  globalThis.setInterval(read, WINDOWS_MS);
}

/** Rejected messages are read when their number has changed, and after a snapshot. */
export function pollQuarantine(session: Session): void {
  effect(() => {
    void session.snapshots.value;
    if (session.data.value.quarantineTotal !== null) void session.readQuarantine();
  });
}
