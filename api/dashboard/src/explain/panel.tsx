/** The panel that shows what a KPI value is made of: formula, numbers, moves, time that was left out. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Result } from "../shared/api/client.ts";
import { kindsOf } from "../shared/kpis/subjects.ts";
import { useSession } from "../shared/live/context.ts";
import type { TerminalData } from "../shared/live/terminal-data.ts";
import type { ExplainRoute } from "../shared/routing/links.ts";
import { Body } from "./body.tsx";
import { type Explanation, explanationOf, notYet } from "./explanation.ts";
import { Head } from "./head.tsx";

export interface Answer {
  result: Result<Explanation>;
  /** The moment of the link has not come: this is the value now. */
  early: boolean;
}

/** Whether values of all windows must be read to know what the subject is: a call or a berth. */
export function needsAllWindows(route: ExplainRoute, data: TerminalData): boolean {
  return kindsOf(route.subject ?? route.terminal, route.terminal, data) === null;
}

export function ExplainPanel({ route, close }: { route: ExplainRoute | null; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { answer, reload } = useAnswer(route);
  const open = useRef(false);
  open.current = route !== null;
  useLayoutEffect(() => {
    const panel = dialog.current!;
    if (route === null) panel.close();
    else if (!panel.open) {
      panel.showModal();
      panel.focus();
    }
  }, [route === null]);
  return (
    <dialog
      class="explain"
      tabIndex={-1}
      aria-labelledby="explain-title"
      ref={dialog}
      onClose={() => {
        if (open.current) close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close(); // beside the panel
      }}
    >
      {route === null ? null : <Head route={route} found={answer?.result.ok ? answer.result.value : null} close={() => dialog.current?.close()} />}
      <div class="explain-body" tabIndex={0} role="region" aria-label="What the value is made of">
        {route === null ? null : <Body route={route} answer={answer} retry={reload} />}
      </div>
    </dialog>
  );
}

/** What the server knows of the value; null while it is read. */
function useAnswer(route: ExplainRoute | null): { answer: Answer | null; reload: () => void } {
  const session = useSession();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setAnswer(null);
    if (route === null) return;
    let current = true;
    const read = async (): Promise<void> => {
      let result = await explanationOf(route);
      const early = !result.ok && notYet(result.status, route.at, session.exactNowMs);
      if (early) result = await explanationOf({ ...route, at: null });
      if (current) setAnswer({ result, early });
    };
    void read();
    return () => {
      current = false;
    };
  }, [route?.terminal, route?.kpi, route?.subject, route?.window, route?.at, attempt]);
  return { answer, reload: () => setAttempt((before) => before + 1) };
}
