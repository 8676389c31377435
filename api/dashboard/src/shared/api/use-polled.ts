/** What a page reads again and again while it is shown. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { NO_RESPONSE, type Result } from "./client.ts";

export interface Polled<T> {
  /** As last read; null before the first time. */
  value: T | null;
  /** Why the last read failed; null where it did not. */
  failure: string | null;
  /** Whether it failed because nothing answered. */
  unreachable: boolean;
  /** When the value was read, by this machine's clock; null before the first time. [ms since 1970 UTC] */
  readMs: number | null;
  /** Read now. */
  reload: () => void;
  /** Change what was read, after the server has taken the change. */
  update: (change: (value: T) => T) => void;
}

type State<T> = Pick<Polled<T>, "value" | "failure" | "unreachable" | "readMs">;

const UNREAD = { value: null, failure: null, unreachable: false, readMs: null };

/**
 * Read at once, and then again and again. The value stays while a read fails.
 * @param read reads. @param everyMs the pause between reads. @param inputs what is read depends on them: where they
 *   change, the value is dropped.
 */
export function usePolled<T>(read: () => Promise<Result<T>>, everyMs: number, inputs: readonly unknown[]): Polled<T> {
  const [state, setState] = useState<State<T>>(UNREAD);
  const latestRead = useRef(read);
  latestRead.current = read;
  const restart = useRef<() => void>(() => {});
  useEffect(() => {
    let timer = 0;
    let turn = 0;
    const load = async (): Promise<void> => {
      window.clearTimeout(timer);
      const mine = ++turn;
      const result = await latestRead.current();
      if (mine !== turn) return;
      timer = window.setTimeout(() => void load(), everyMs);
      setState((before) => after(before, result));
    };
    restart.current = () => {
      setState((before) => (before.value === null ? UNREAD : before));
      void load();
    };
    setState(UNREAD);
    void load();
    return () => {
      turn = -1;
      window.clearTimeout(timer);
    };
  }, inputs);
  const reload = useCallback(() => restart.current(), []);
  const update = useCallback((change: (value: T) => T) => setState((before) => ({ ...before, value: before.value === null ? null : change(before.value) })), []);
  return { ...state, reload, update };
}

function after<T>(before: State<T>, result: Result<T>): State<T> {
  if (result.ok) return { value: result.value, failure: null, unreachable: false, readMs: Date.now() };
  return { ...before, failure: result.message, unreachable: result.status === NO_RESPONSE };
}
