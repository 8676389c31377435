/** The alarms of a terminal, read while the page is shown, and at once when the live feed knows of one. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useTerminalData } from "../shared/live/context.ts";
import { type PageSpan, type Spanned, useSpanned } from "../shared/span/use-span.ts";
import type { Alarm, Condition } from "./alarm.ts";
import { alarmsOf, conditions } from "./requests.ts";

const REREAD_MS = 10_000;

export function useAlarms(terminal: string, span: PageSpan): Spanned<Alarm[]> {
  const shown = useSpanned(span, {
    read: (bounds) => alarmsOf(terminal, bounds),
    isEmpty: (alarms) => alarms.length === 0,
    everyMs: REREAD_MS,
    inputs: [terminal],
  });
  const changes = useTerminalData().alarmChanges;
  const known = useRef(changes);
  useEffect(() => {
    if (known.current === changes) return;
    known.current = changes;
    if (span.live) shown.reload();
  }, [changes]);
  return shown;
}

/** The conditions of a terminal by id, read once. */
export function useConditions(terminal: string): ReadonlyMap<string, Condition> {
  const [found, setFound] = useState<ReadonlyMap<string, Condition>>(new Map());
  useEffect(() => {
    void conditions(terminal).then((result) => {
      if (result.ok) setFound(new Map(result.value.map((one) => [one.id, one])));
    });
  }, [terminal]);
  return found;
}
