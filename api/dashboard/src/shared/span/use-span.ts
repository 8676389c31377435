/** The span of a page, from its route; and what is read of that span. */

import { useSession, useTerminalData } from "../live/context.ts";
import type { Result } from "../api/client.ts";
import { type Polled, usePolled } from "../api/use-polled.ts";
import type { AnyRoute } from "../routing/pattern.ts";
import { type Bounds, linkedSpan, type SpanRoute, withSpan } from "./span.ts";
import { type State, stateOf } from "./state.ts";

/** Late samples change what has passed, so it is read again, if seldom. [ms] */
const REREAD_PAST_MS = 60_000;
/** Devices send each second: a terminal that is so far behind is not seen as it is. [ms] */
const STALE_MS = 60_000;

export interface PageSpan {
  /** Whether the page follows the present. */
  readonly live: boolean;
  /** Begin and end; while live, of so much as the page shows then, up to the server's clock. */
  readonly bounds: () => Bounds;
  /** Show another span; null: live. */
  readonly choose: (bounds: Bounds | null) => void;
  /** Why the link's span cannot be shown. */
  readonly problem: string | null;
  /** Changes with the span; what is read depends on it. */
  readonly key: string;
}

/** @param liveMs how much of the past the page shows while it is live. */
export function useSpan(route: AnyRoute & SpanRoute, liveMs: number): PageSpan {
  const session = useSession();
  const { bounds, problem } = linkedSpan(route);
  return {
    live: bounds === null,
    bounds: () => bounds ?? { fromMs: session.exactNowMs - liveMs, toMs: session.exactNowMs },
    choose: (chosen) => (location.hash = session.router.link(withSpan(route, chosen))),
    problem,
    key: bounds === null ? "live" : `${bounds.fromMs}-${bounds.toMs}`,
  };
}

export interface Spanned<T> extends Polled<T> {
  readonly span: PageSpan;
  readonly state: State;
  /** Whether what was read holds nothing. */
  readonly isEmpty: boolean;
  /** How far the newest event time is behind, while live. [ms] */
  readonly behindMs: number | null;
}

export interface Reading<T> {
  /** Read what touches these bounds. */
  read: (bounds: Bounds) => Promise<Result<T>>;
  /** Whether there is nothing in it. */
  isEmpty: (value: T) => boolean;
  /** The pause between reads while live. [ms] */
  everyMs: number;
  /** What is read depends on these beside the span. */
  inputs: readonly unknown[];
  /** Newest event time of what is shown, where devices send less often than each second; else that of the terminal. */
  newest?: number | null;
  /** From how far behind on live data are stale; a minute if left out. [ms] */
  staleMs?: number;
}

/** Read what a page shows of its span while it is shown, with the state that it is in. */
export function useSpanned<T>(span: PageSpan, { read, isEmpty, everyMs, inputs, newest, staleMs = STALE_MS }: Reading<T>): Spanned<T> {
  const session = useSession();
  const data = useTerminalData();
  const polled = usePolled(() => read(span.bounds()), span.live ? everyMs : REREAD_PAST_MS, [...inputs, span.key]);
  const at = newest === undefined ? data.newest : newest;
  const behindMs = at === null || !span.live ? null : session.nowMs - at;
  const { value, failure, unreachable } = polled;
  const empty = value !== null && isEmpty(value);
  const state = stateOf({
    live: span.live,
    read: value !== null,
    empty,
    failure,
    unreachable,
    connection: session.connection.value.state,
    behindMs,
    staleMs,
  });
  return { ...polled, span, state, isEmpty: empty, behindMs };
}
