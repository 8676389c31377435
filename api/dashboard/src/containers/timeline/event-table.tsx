/** The events of a container in a table, numbered as in the drawing. */

import { NOTHING } from "../../shared/format/numbers.ts";
import { timed } from "../../shared/format/shown-zone.ts";
import { clock, dayMinute } from "../../shared/format/times.ts";
import { spaced } from "../../shared/model/move.ts";
import { Head } from "../../shared/table/table.tsx";
import { placeText } from "../container.ts";
import { type BoxEvent, doubt, eventLink, eventTitle, isAlarm, isTreatment } from "../event.ts";

interface Properties {
  terminal: string;
  events: readonly BoxEvent[];
  conflicting: ReadonlySet<number>;
}

export function EventTable({ terminal, events, conflicting }: Properties) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Events">
      <table class="box-events">
        <Head names={["", timed("Time"), "Event", "Place", "By", "Doubt"]} />
        <tbody>
          {events.map((one, index) => (
            <tr key={`${one.time}/${one.event}/${one.device}`} data-alarm={String(isAlarm(one))} data-conflict={String(conflicting.has(one.time))}>
              <th scope="row">{index + 1}</th>
              <td>{`${dayMinute(one.time)}${clock(one.time).slice(5)}`}</td>
              <td>
                {eventTitle(one)}
                {conflicting.has(one.time) ? " ⚠" : ""}
              </td>
              <td>{one.place === "vessel" ? "on the ship" : placeText(one.place)}</td>
              <td>
                <Device terminal={terminal} event={one} />
              </td>
              <td>{doubt(one) || NOTHING}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Device({ terminal, event }: { terminal: string; event: BoxEvent }) {
  const href = eventLink(terminal, event);
  const words = isTreatment(event) ? "cold treatment" : `${spaced(event.stream)} ${event.device}`;
  return href === null ? <>{words}</> : <a href={href}>{words}</a>;
}
