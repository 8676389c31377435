/** Vessel calls of a terminal: how far each is, and what is wrong with its data. */

import { usePolled } from "../shared/api/use-polled.ts";
import { zoneTitle } from "../shared/format/shown-zone.ts";
import { Empty, Failed, Loading } from "../shared/notice/notice.tsx";
import { type Call, callsOf } from "./call.ts";
import { CallCard } from "./card.tsx";
import type { CallsRoute } from "./route.ts";

const REREAD_MS = 15_000;

export function CallsPage({ route }: { route: CallsRoute }) {
  const { terminal, call: marked } = route;
  const { value, failure, reload } = usePolled(() => callsOf(terminal), REREAD_MS, [terminal, marked]);
  return (
    <section class="panel" aria-labelledby="calls-title">
      <div class="panel-head">
        <h2 id="calls-title">Vessel calls</h2>
        <span class="note">{`Times in ${zoneTitle()}`}</span>
      </div>
      <p class="aside" role="status">
        {value !== null && value.length > 0 && failure !== null ? `Not up to date: ${failure}` : ""}
      </p>
      <div class="notice-place">
        <Notice calls={value} failure={failure} terminal={terminal} retry={reload} />
      </div>
      <div class="calls">
        {value?.map((one) => (
          <CallCard key={one.id} call={one} marked={one.id === marked} />
        ))}
      </div>
    </section>
  );
}

function Notice({ calls, failure, terminal, retry }: { calls: readonly Call[] | null; failure: string | null; terminal: string; retry: () => void }) {
  if (calls === null) return failure === null ? <Loading what="vessel calls" /> : <Failed title="The vessel calls cannot be read" message={failure} retry={retry} />;
  if (calls.length > 0) return null;
  return (
    <Empty title="No vessel calls yet">
      Announce one by a retained message to <code>{`port/${terminal}/vessel/<call id>/call`}</code> or by <code>{`PUT /api/v1/calls/${terminal}/<call id>`}</code>
      . Until then cranes have rates, and vessels have none.
    </Empty>
  );
}
