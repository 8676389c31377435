/** List of an explanation: boxes that left, and how long they were inside. */

import { timed } from "../shared/format/shown-zone.ts";
import { fixed } from "../shared/format/numbers.ts";
import { dayMinute } from "../shared/format/times.ts";
import { boxLink } from "../shared/routing/links.ts";
import { NumberCell } from "../shared/table/table.tsx";
import type { Stay } from "./explanation.ts";
import { List } from "./list.tsx";

export function Stays({ terminal, stays }: { terminal: string; stays: readonly Stay[] }) {
  if (stays.length === 0) return null;
  const row = (one: Stay) => (
    <tr>
      <th scope="row">
        <a href={boxLink(terminal, one.container)}>{one.container}</a>
      </th>
      <td>{`${dayMinute(one.arrivedAt)}, ${one.arrivedBy}`}</td>
      <td>{`${dayMinute(one.leftAt)}, ${one.leftBy}`}</td>
      <NumberCell>{fixed(one.dwellH, 1)}</NumberCell>
    </tr>
  );
  return (
    <section class="stays-counted">
      <h3>{`Boxes that left: ${fixed(stays.length)}`}</h3>
      <List head={["Container", timed("Came"), timed("Left"), "Hours"]} rows={stays} row={row} />
    </section>
  );
}
