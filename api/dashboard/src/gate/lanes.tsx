/** Lanes: how many trucks passed, how fast, what went wrong, and who was there last. */

import { number } from "../shared/api/fields.ts";
import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { dayMinute, duration } from "../shared/format/times.ts";
import { useTerminalData } from "../shared/live/context.ts";
import type { Transaction } from "../shared/model/transaction.ts";
import { Head, NumberCell } from "../shared/table/table.tsx";
import { lanesOf } from "./figures.ts";
import { type GateRoute, gateRoute } from "./route.ts";

const NUMBERS = ["Passed", "Turned back", "Trouble", "To barrier", "Queue"];

/** @param live whether queues of now belong to it. */
export function Lanes({ route, transactions, live }: { route: GateRoute; transactions: readonly Transaction[]; live: boolean }) {
  const data = useTerminalData();
  const names = ["Lane", "Passed", "Turned back", "Trouble", "To barrier", ...(live ? ["Queue"] : []), "Last truck", timed("Came")];
  return (
    <section class="gate-lanes">
      <h3>Lanes</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label="Lanes">
        <table>
          <Head names={names} numbers={new Set(NUMBERS)} />
          <tbody>
            {lanesOf(transactions, live ? data.ids("gate") : []).map((one) => (
              <tr key={one.lane} aria-current={one.lane === route.lane ? "true" : undefined}>
                <th scope="row">
                  <a href={gateRoute.link({ ...route, lane: one.lane, arrived: null })}>{one.lane}</a>
                </th>
                <NumberCell>{fixed(one.passed)}</NumberCell>
                <NumberCell>{fixed(one.turnedBack)}</NumberCell>
                <NumberCell>{fixed(one.trouble)}</NumberCell>
                <NumberCell>{one.toBarrierMs === null ? NOTHING : duration(one.toBarrierMs)}</NumberCell>
                {live ? <NumberCell>{fixed(number(data.sample("gate", one.lane)?.signals["queue_length"]))}</NumberCell> : null}
                <td>{one.last?.plate ?? NOTHING}</td>
                <td>{dayMinute(one.last?.at ?? null)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
