/** The delays of the cranes, read while the page is shown. */

import { useState } from "preact/hooks";
import type { Result } from "../shared/api/client.ts";
import { type Polled, usePolled } from "../shared/api/use-polled.ts";
import { useSession } from "../shared/live/context.ts";
import type { Cause } from "./delay.ts";
import { SHIFT } from "./filters.tsx";
import { causesOf, type Delays, delaysOf, type Scope } from "./requests.ts";
import type { StopsRoute } from "./route.ts";

const HOUR_MS = 3_600_000;
/** As far back as a shift reaches where the terminal has none. */
const SHIFT_H = 8;
const REREAD_MS = 10_000;

export interface DelaysWithCauses extends Delays {
  causes: Cause[];
}

/** Which delays are listed now: the span ends at the present. @param span hours, or the shift. */
export function useScope({ terminal, device }: StopsRoute, span: string): () => Scope {
  const session = useSession();
  return () => {
    const shift = span === SHIFT ? (session.listed?.shiftBeganAt ?? null) : null;
    return { terminal, device, fromMs: shift ?? session.exactNowMs - (Number(span) || SHIFT_H) * HOUR_MS };
  };
}

export function useDelays(scope: () => Scope, span: string): Polled<DelaysWithCauses> {
  const [readCauses] = useState(() => causeReader());
  const { terminal, device } = scope();
  return usePolled(() => readAll(scope(), readCauses), REREAD_MS, [terminal, device, span]);
}

type CauseReader = (terminal: string) => Promise<Cause[]>;

/** Causes are read once for each terminal. */
function causeReader(): CauseReader {
  let known: { terminal: string; causes: Cause[] } | null = null;
  return async (terminal) => {
    if (known?.terminal === terminal) return known.causes;
    const result = await causesOf(terminal);
    if (result.ok && result.value.length > 0) known = { terminal, causes: result.value };
    return result.ok ? result.value : [];
  };
}

async function readAll(scope: Scope, readCauses: CauseReader): Promise<Result<DelaysWithCauses>> {
  const causes = await readCauses(scope.terminal);
  const delays = await delaysOf(scope);
  return delays.ok ? { ok: true, value: { ...delays.value, causes } } : delays;
}
