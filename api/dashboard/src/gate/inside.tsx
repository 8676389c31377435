/** Trucks inside now, or at the end of the span, the longest first. */

import { timestamp } from "../shared/api/fields.ts";
import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { dayMinute, duration } from "../shared/format/times.ts";
import { type Visit, visitKey } from "../shared/model/visit.ts";
import type { Bounds } from "../shared/span/span.ts";
import { Head, NumberCell } from "../shared/table/table.tsx";
import { insideAt } from "./figures.ts";
import { type GateRoute, gateRoute } from "./route.ts";

const SHOWN = 100;

export function Inside({ route, visits, bounds, live }: { route: GateRoute; visits: readonly Visit[]; bounds: Bounds; live: boolean }) {
  const inside = insideAt(visits, bounds.toMs);
  return (
    <section class="gate-inside">
      <h3>
        {fixed(inside.length)} trucks inside {live ? "now" : "at the end"}
        {inside.length > SHOWN ? <span class="note"> the {SHOWN} that were there longest</span> : null}
      </h3>
      <div class="scroll" tabIndex={0} role="region" aria-label="Trucks inside">
        <table>
          <Head names={["Plate", "Visit", timed("Came in"), "Lane", "Inside for"]} numbers={new Set(["Inside for"])} />
          <tbody>
            {inside.slice(0, SHOWN).map((one) => (
              <tr key={visitKey(one)}>
                <th scope="row">
                  <a href={gateRoute.link({ ...route, lane: one.lane, arrived: timestamp(one.arrived) })}>{one.plate ?? NOTHING}</a>
                </th>
                <td>{one.visit === one.plate ? NOTHING : one.visit}</td>
                <td>{dayMinute(one.enteredAt)}</td>
                <td>{one.lane}</td>
                <NumberCell>{duration(bounds.toMs - (one.enteredAt ?? bounds.toMs))}</NumberCell>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
