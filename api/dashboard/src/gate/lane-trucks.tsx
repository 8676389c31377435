/** Trucks of one lane in the span, the newest first; each leads to its visit. */

import { timed } from "../shared/format/shown-zone.ts";
import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { dayMinute, duration } from "../shared/format/times.ts";
import { spaced } from "../shared/model/move.ts";
import type { Transaction } from "../shared/model/transaction.ts";
import { Head, NumberCell } from "../shared/table/table.tsx";
import { type GateRoute, gateRoute } from "./route.ts";

const SHOWN = 200;

export function LaneTrucks({ route, lane, transactions }: { route: GateRoute; lane: string; transactions: readonly Transaction[] }) {
  const own = transactions.filter((one) => one.lane === lane);
  return (
    <section class="lane-trucks">
      <h3>
        {lane}: {fixed(own.length)} trucks
        {own.length > SHOWN ? <span class="note"> the newest {SHOWN}</span> : null}
      </h3>
      <div class="scroll" tabIndex={0} role="region" aria-label={`Trucks of ${lane}`}>
        <table>
          <Head names={[timed("Came"), "Plate", "Direction", "To barrier", "How it ended"]} numbers={new Set(["To barrier"])} />
          <tbody>
            {own.slice(0, SHOWN).map((one) => (
              <tr key={one.enteredAt} aria-current={one.enteredAt === route.arrived ? "true" : undefined}>
                <th scope="row">
                  {passed(one) ? <a href={gateRoute.link({ ...route, lane, arrived: one.enteredAt })}>{dayMinute(one.enteredAt)}</a> : dayMinute(one.enteredAt)}
                </th>
                <td>{one.plate ?? NOTHING}</td>
                <td>{one.direction ?? NOTHING}</td>
                <NumberCell>{one.openedAt === null ? NOTHING : duration(one.openedAt - one.enteredAt)}</NumberCell>
                <td>{one.reason === null ? (passed(one) ? "through" : "still there") : spaced(one.reason)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Only a truck that was through is part of a visit. */
function passed({ leftAt, reason }: Transaction): boolean {
  return leftAt !== null || reason === "exit_unseen";
}
