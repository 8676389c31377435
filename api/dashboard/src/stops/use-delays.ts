/** The delays of the cranes, read while the page is shown. */

import { useState } from "preact/hooks";
import type { Result } from "../shared/api/client.ts";
import { type PageSpan, type Spanned, useSpanned } from "../shared/span/use-span.ts";
import type { Cause } from "./delay.ts";
import { causesOf, type Delays, delaysOf, type Scope } from "./requests.ts";
import type { StopsRoute } from "./route.ts";

const REREAD_MS = 10_000;

export interface DelaysWithCauses extends Delays {
  causes: Cause[];
}

/** Which delays are listed now. */
export function scopeOf({ terminal, device }: StopsRoute, span: PageSpan): Scope {
  return { terminal, device, bounds: span.bounds() };
}

export function useDelays(route: StopsRoute, span: PageSpan): Spanned<DelaysWithCauses> {
  const [readCauses] = useState(() => causeReader());
  return useSpanned(span, {
    read: () => readAll(scopeOf(route, span), readCauses),
    isEmpty: ({ delays, lostEdits }) => delays.length + lostEdits.length === 0,
    everyMs: REREAD_MS,
    inputs: [route.terminal, route.device],
  });
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
