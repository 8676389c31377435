/** List of an explanation: appointments of trucks, and what became of them. */

import { timed } from "../shared/format/shown-zone.ts";
import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { dayMinute } from "../shared/format/times.ts";
import { spaced } from "../shared/model/move.ts";
import type { Appointment } from "./explanation.ts";
import { List } from "./list.tsx";

export function Appointments({ appointments }: { appointments: readonly Appointment[] }) {
  if (appointments.length === 0) return null;
  const row = (one: Appointment) => (
    <tr>
      <th scope="row">{one.number}</th>
      <td>{dayMinute(one.expectedAt)}</td>
      <td>{dayMinute(one.arrivedAt)}</td>
      <td>{one.lane ?? NOTHING}</td>
      <td>{spaced(one.outcome)}</td>
    </tr>
  );
  return (
    <section class="appointments-counted">
      <h3>{`Appointments settled: ${fixed(appointments.length)}`}</h3>
      <List head={["Appointment", timed("Expected"), timed("Came"), "Lane", "How it went"]} rows={appointments} row={row} />
    </section>
  );
}
