/** The state of what a page shows: whether it can be trusted to be as things are. */

import type { Connection } from "../live/connection.ts";

/**
 * `live` and `past` can be trusted; `loading` and `failed` have nothing to show yet; `empty` is trusted, and there is nothing; `stale`
 * shows what may be wrong by now; `disconnected` what was read before the server was away.
 */
export type State = "live" | "past" | "empty" | "loading" | "failed" | "stale" | "disconnected";

export interface Facts {
  live: boolean;
  /** Whether something was read, and whether there was nothing in it. */
  read: boolean;
  empty: boolean;
  /** Why the last read failed. */
  failure: string | null;
  /** Whether it failed because nothing answered. */
  unreachable: boolean;
  connection: Connection["state"];
  /** How far the newest event time is behind the server's clock; null: there is none. [ms] */
  behindMs: number | null;
  /** From how far behind on live data are stale. [ms] */
  staleMs: number;
}

/** A span that is over stays right while the live feed is away; what is live does not. */
export function stateOf(facts: Facts): State {
  const away = facts.unreachable || (facts.live && facts.connection === "waiting");
  if (!facts.read && facts.failure === null) return "loading";
  if (away) return "disconnected";
  if (!facts.read) return "failed";
  if (facts.failure !== null || isBehind(facts)) return "stale";
  if (facts.empty) return "empty";
  return facts.live ? "live" : "past";
}

function isBehind({ live, behindMs, staleMs }: Facts): boolean {
  return live && behindMs !== null && behindMs > staleMs;
}
