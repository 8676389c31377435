/** What a page reads again and again while it is shown. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Result } from "./client.ts";

export interface Polled<T> {
  /** As last read; null before the first time. */
  value: T | null;
  /** Why the last read failed; null where it did not. */
  failure: string | null;
  /** Read now. */
  reload: () => void;
  /** Change what was read, after the server has taken the change. */
  update: (change: (value: T) => T) => void;
}

interface State<T> {
  value: T | null;
  failure: string | null;
}

/**
 * Read at once, and then again and again. The value stays while a read fails.
 * @param read reads. @param everyMs the pause between reads. @param inputs what is read depends on them: where they
 *   change, the value is dropped.
 */
export function usePolled<T>(read: () => Promise<Result<T>>, everyMs: number, inputs: readonly unknown[]): Polled<T> {
  const [state, setState] = useState<State<T>>({ value: null, failure: null });
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
      setState((before) => (result.ok ? { value: result.value, failure: null } : { value: before.value, failure: result.message }));
    };
    restart.current = () => {
      setState((before) => (before.value === null ? { value: null, failure: null } : before));
      void load();
    };
    setState({ value: null, failure: null });
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
