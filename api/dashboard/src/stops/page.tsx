/** Stops of the cranes, with their causes, to confirm or to change. */

import { useEffect, useState } from "preact/hooks";
import type { Result } from "../shared/api/client.ts";
import { usePolled } from "../shared/api/use-polled.ts";
import { fixed } from "../shared/format/numbers.ts";
import { Readings } from "../shared/kpis/readings.tsx";
import { useSession } from "../shared/live/context.ts";
import { Empty, Failed, Loading } from "../shared/notice/notice.tsx";
import { CauseSums } from "./cause-sums.tsx";
import { ConfirmAll } from "./confirm-all.tsx";
import { type Cause, type Delay, delayKey, standing } from "./delay.ts";
import { LostEdits } from "./lost-edits.tsx";
import { causesOf, confirmAll, type Delays, delaysOf, type Scope } from "./requests.ts";
import type { StopsRoute } from "./route.ts";
import { CraneFilter, SHIFT, SpanFilter } from "./filters.tsx";
import { StopRow } from "./row.tsx";

const HOUR_MS = 3_600_000;
const DEFAULT_SPAN = "12";
const REREAD_MS = 10_000;
const KPIS = ["net_crane_rate", "gross_crane_rate"];
const WINDOWS = ["PT1H", "shift"];

interface Read extends Delays {
  causes: Cause[];
}

export function StopsPage({ route }: { route: StopsRoute }) {
  const { terminal, device } = route;
  const session = useSession();
  const [span, setSpan] = useState(DEFAULT_SPAN);
  const [note, setNote] = useState("");
  const scope = (): Scope => {
    const shift = span === SHIFT ? (session.listed?.shiftBeganAt ?? null) : null;
    return { terminal, device, fromMs: shift ?? session.exactNowMs - (Number(span) || 8) * HOUR_MS };
  };
  const [readCauses] = useState(() => causeReader());
  const { value, failure, reload, update } = usePolled(() => readAll(scope(), readCauses), REREAD_MS, [terminal, device, span]);
  useEffect(() => setNote(""), [terminal, device, span]);
  const delays = value?.delays ?? [];
  const saved = (one: Delay): void => {
    update((read) => ({ ...read, delays: read.delays.map((other) => (delayKey(other) === delayKey(one) ? one : other)) }));
    setNote("Saved. Net rates follow within seconds.");
  };
  const confirmed = (count: number): void => {
    setNote(`${fixed(count)} confirmed. Net rates follow within seconds.`);
    reload();
  };
  return (
    <section class="panel" aria-labelledby="stops-title">
      <div class="panel-head">
        <h2 id="stops-title">Stops of cranes</h2>
        <span class="note">UTC; a cause that you change counts within seconds</span>
        <div class="tools">
          <ConfirmAll
            open={delays.filter((one) => one.endedAt !== null && standing(one) === "found").length}
            confirm={(by) => confirmAll(scope(), session.exactNowMs, by)}
            done={confirmed}
          />
          <CraneFilter route={route} />
          <SpanFilter value={span} choose={setSpan} />
        </div>
      </div>
      <Readings subject={device ?? terminal} kpis={KPIS} windows={WINDOWS} />
      <p class="aside" role="status">
        {value !== null && failure !== null ? `Not up to date: ${failure}` : note}
      </p>
      <div class="notice-place">
        <Notice read={value !== null} failure={failure} none={delays.length === 0} where={device ?? "the cranes"} retry={reload} />
      </div>
      <CauseSums delays={delays} />
      <LostEdits edits={value?.lostEdits ?? []} />
      <ul class="stops">
        {delays.map((one) => (
          <StopRow key={delayKey(one)} delay={one} causes={value?.causes ?? []} saved={saved} />
        ))}
      </ul>
    </section>
  );
}

/** Causes are read once for each terminal. */
function causeReader(): (terminal: string) => Promise<Cause[]> {
  let known: { terminal: string; causes: Cause[] } | null = null;
  return async (terminal) => {
    if (known?.terminal === terminal) return known.causes;
    const result = await causesOf(terminal);
    if (result.ok && result.value.length > 0) known = { terminal, causes: result.value };
    return result.ok ? result.value : [];
  };
}

async function readAll(scope: Scope, readCauses: (terminal: string) => Promise<Cause[]>): Promise<Result<Read>> {
  const causes = await readCauses(scope.terminal);
  const delays = await delaysOf(scope);
  return delays.ok ? { ok: true, value: { ...delays.value, causes } } : delays;
}

interface NoticeProperties {
  read: boolean;
  failure: string | null;
  none: boolean;
  where: string;
  retry: () => void;
}

function Notice({ read, failure, none, where, retry }: NoticeProperties) {
  if (!read) return failure === null ? <Loading what="stops" /> : <Failed title="The stops cannot be read" message={failure} retry={retry} />;
  if (!none) return null;
  return (
    <Empty title={`No stops of ${where} in this time`}>
      A crane that is logged on and stands still for two minutes appears here, with the cause that its signals tell.
    </Empty>
  );
}
