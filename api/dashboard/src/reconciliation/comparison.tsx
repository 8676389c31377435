/** The part of a call's card that compares it with the terminal operating system; read when a person opens it. */

import { useState } from "preact/hooks";
import type { Result } from "../shared/api/client.ts";
import { fixed, signed } from "../shared/format/numbers.ts";
import { moment } from "../shared/format/times.ts";
import { Empty, Failed, Loading } from "../shared/notice/notice.tsx";
import { CraneCounts, Differing, OnlyDetected, OnlyListed } from "./lists.tsx";
import { type Reconciliation, reconciliationOf } from "./reconciliation.ts";

const NOT_FOUND = 404;

type State = Result<Reconciliation> | "closed" | "reading";

interface Properties {
  terminal: string;
  call: string;
}

export function Comparison({ terminal, call }: Properties) {
  const [state, setState] = useState<State>("closed");
  const read = async (): Promise<void> => {
    setState("reading");
    setState(await reconciliationOf(terminal, call));
  };
  return (
    <details
      class="comparison"
      onToggle={(event) => {
        if (event.currentTarget.open) void read();
      }}
    >
      <summary>Compare with the terminal operating system</summary>
      <div class="comparison-body">
        <Body state={state} terminal={terminal} call={call} retry={() => void read()} />
      </div>
    </details>
  );
}

function Body({ state, terminal, call, retry }: Properties & { state: State; retry: () => void }) {
  if (state === "closed") return null;
  if (state === "reading") return <Loading what="the comparison" />;
  if (state.ok) return <Found found={state.value} />;
  if (state.status !== NOT_FOUND) return <Failed title="The comparison cannot be read" message={state.message} retry={retry} />;
  return (
    <Empty title="No list imported">
      Import the moves that the terminal operating system counted, as CSV or COARRI, and they are compared box by box:{" "}
      <code>{`quaystream reconcile moves.csv --terminal ${terminal} --call ${call}`}</code>
    </Empty>
  );
}

function Found({ found }: { found: Reconciliation }) {
  const pct = found.differencePct === null ? "" : ` (${signed(found.differencePct, 1)} %)`;
  return (
    <>
      <p class="sum" data-equal={String(found.equal)}>
        <b>{found.equal ? "✓ Both agree on every box" : `▲ ${signed(found.difference)} boxes${pct}`}</b>
        {` ${fixed(found.detected)} detected, ${fixed(found.listed)} listed, ${fixed(found.matched)} matched`}
      </p>
      <p class="note">{`imported ${moment(found.importedAt)} by ${found.importedBy || "nobody named"}`}</p>
      <CraneCounts counts={found.byCrane} />
      <OnlyDetected boxes={found.onlyFound} count={found.onlyFoundCount} />
      <OnlyListed lines={found.onlyListed} count={found.onlyListedCount} />
      <Differing pairs={found.differing} count={found.differingCount} />
    </>
  );
}
