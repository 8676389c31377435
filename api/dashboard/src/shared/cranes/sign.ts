/** What a crane's label shows: it changes far less often than the crane moves. */

import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type Crane, craneOf } from "./crane.ts";
import { fixed } from "../format/numbers.ts";
import { useSession } from "../live/context.ts";

export type Sign = Pick<Crane, "tone" | "state" | "rate">;

/** State and rate of a crane; the component is drawn again only where they differ. */
export function useSign(id: string): Sign {
  const session = useSession();
  const before = useRef<Sign | null>(null);
  return useComputed(() => {
    const { tone, state, rate } = craneOf(session.data.value, id, session.nowMs);
    const last = before.current;
    if (last !== null && last.tone === tone && last.state === state && last.rate === rate) return last;
    before.current = { tone, state, rate };
    return before.current;
  }).value;
}

export function craneTitle(id: string, { state, rate }: Sign): string {
  return `${id}, ${state}, ${fixed(rate, 1)} boxes per hour; opens its last cycles`;
}
