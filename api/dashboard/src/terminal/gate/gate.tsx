/** Gate lanes with their last event, and the trucks that left last. */

import { get } from "../../shared/api/client.ts";
import { each, fields, number, text } from "../../shared/api/fields.ts";
import type * as api from "../../shared/api/schema.ts";
import { usePolled } from "../../shared/api/use-polled.ts";
import { useFlash } from "../../shared/effects/flash.ts";
import { fixed, NOTHING } from "../../shared/format/numbers.ts";
import { timed, zoneTitle } from "../../shared/format/shown-zone.ts";
import { clock, hourMinute, moment } from "../../shared/format/times.ts";
import { useSession, useTerminalData } from "../../shared/live/context.ts";
import type { Sample } from "../../shared/model/device.ts";
import { type LastTruck, lastTrucks, readTransaction } from "../../shared/model/transaction.ts";
import { stayMin, type Visit, visitKey } from "../../shared/model/visit.ts";
import { Head } from "../../shared/table/table.tsx";

const EVENTS: Record<string, string> = {
  queue_enter: "joined queue",
  lane_enter: "in lane",
  ocr: "boxes read",
  rfid: "tag read",
  weigh: "weighed",
  kiosk: "at kiosk",
  trouble_start: "⚠ trouble",
  trouble_end: "trouble solved",
  barrier_open: "barrier open",
  lane_exit: "left lane",
};

/** A queue this long fills its bar. */
const LONG_QUEUE = 10;
const BAR_PX = 26;
const MOST_VISITS = 8;
const MOST_TRANSACTIONS = 500;
const REREAD_MS = 10_000;

export function Gate() {
  return (
    <section class="panel gate-panel" aria-labelledby="gate-title">
      <div class="panel-head">
        <h2 id="gate-title">Gate</h2>
      </div>
      <div class="scroll body" id="gate" tabIndex={0} role="region" aria-labelledby="gate-title">
        <Tables />
      </div>
    </section>
  );
}

/** Most events carry no plate: of each lane the last truck whose plate was read. */
function useLastTrucks(): Map<string, LastTruck> {
  const { terminal } = useSession();
  const query = { terminal: terminal.value, limit: MOST_TRANSACTIONS };
  const read = usePolled(() => get("gate/transactions", query, (body) => each(fields<api.Transactions>(body).transactions, readTransaction)), REREAD_MS, [terminal.value]);
  return lastTrucks(read.value ?? []);
}

function Tables() {
  const ids = useTerminalData().ids("gate");
  return ids.length === 0 ? <p class="empty">No gate events yet</p> : <LanesAndVisits ids={ids} />;
}

function LanesAndVisits({ ids }: { ids: readonly string[] }) {
  const data = useTerminalData();
  const last = useLastTrucks();
  return (
    <div>
      <table class="lanes">
        <caption class="unseen">Gate lanes</caption>
        <Head names={["Lane", "Last truck", "Event", zoneTitle(), "Queue"]} />
        <tbody>
          {ids.map((id) => (
            <Lane key={id} id={id} last={last.get(id)} sample={data.sample("gate", id)} offline={data.device("gate", id)?.online === false} />
          ))}
        </tbody>
      </table>
      <h3>Last trucks out</h3>
      <Visits />
    </div>
  );
}

interface LaneProperties {
  id: string;
  last: LastTruck | undefined;
  sample: Sample | undefined;
  offline: boolean;
}

function Lane({ id, last, sample, offline }: LaneProperties) {
  const event = text(sample?.signals["event"]);
  const queue = number(sample?.signals["queue_length"]);
  return (
    <tr ref={useFlash<HTMLTableRowElement>(sample?.time ?? null)} data-event={offline ? "offline" : (event ?? "")}>
      <th scope="row">{id}</th>
      <td>{last === undefined ? NOTHING : <span title={`Came in at ${moment(last.at)}`}>{last.plate}</span>}</td>
      <td>{offline ? "✕ offline" : event === null ? NOTHING : (EVENTS[event] ?? event)}</td>
      <td>{clock(sample?.time ?? null)}</td>
      <td>
        <span class="bar" aria-hidden="true" style={{ width: `${Math.min(1, (queue ?? 0) / LONG_QUEUE) * BAR_PX}px` }} />
        {fixed(queue)}
      </td>
    </tr>
  );
}

function Visits() {
  const ended = useTerminalData().visits.filter((one) => one.leftAt !== null);
  return (
    <table class="visits">
      <caption class="unseen">Last trucks out</caption>
      <Head names={["Plate", timed("In"), "Out", "Turn, min"]} />
      <tbody>
        {ended.slice(0, MOST_VISITS).map((one) => (
          <VisitRow key={visitKey(one)} visit={one} />
        ))}
      </tbody>
    </table>
  );
}

function VisitRow({ visit }: { visit: Visit }) {
  return (
    <tr>
      <th scope="row">{visit.plate ?? visit.visit}</th>
      <td>{hourMinute(visit.enteredAt)}</td>
      <td>{hourMinute(visit.leftAt)}</td>
      <td>{fixed(stayMin(visit), 1)}</td>
    </tr>
  );
}
