/** The visit of one truck: when it came and went, and which part of its stay was gate, waiting and service. */

import { timed } from "../shared/format/shown-zone.ts";
import { usePolled } from "../shared/api/use-polled.ts";
import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { clock, moment } from "../shared/format/times.ts";
import { spaced } from "../shared/model/move.ts";
import { Failed, Loading } from "../shared/notice/notice.tsx";
import { boxLink } from "../shared/routing/links.ts";
import { Head, NumberCell } from "../shared/table/table.tsx";
import { visitOf, type VisitService } from "./visit-service.ts";

const REREAD_MS = 10_000;

/** @param arrived when the truck came into the lane, on its way in or out. [ms since 1970 UTC] */
export function VisitDetail({ terminal, lane, arrived }: { terminal: string; lane: string; arrived: number }) {
  const { value, failure, reload } = usePolled(() => visitOf(terminal, lane, arrived), REREAD_MS, [terminal, lane, arrived]);
  return (
    <section class="visit-detail" aria-label="Visit">
      {value === null && failure === null ? <Loading what="visit" /> : null}
      {value === null && failure !== null ? <Failed title="Cannot read the visit" message={failure} retry={reload} /> : null}
      {value === null ? null : <Shown terminal={terminal} found={value} />}
    </section>
  );
}

function Shown({ terminal, found }: { terminal: string; found: VisitService }) {
  const { visit, wholeMin, parts } = found;
  return (
    <>
      <h3>
        Visit of {visit.plate ?? visit.visit}
        <span class="note">
          {" "}
          in {moment(visit.enteredAt)}, out {moment(visit.leftAt)}{visit.reason === null ? "" : `, ${spaced(visit.reason)}`}
        </span>
      </h3>
      {wholeMin === null ? <p class="note">It has not left, or one of its passages was not seen: its parts are not known.</p> : null}
      <ul class="visit-parts" aria-label="What the stay was made of">
        {parts.map((one) => (
          <li key={one.name}>
            <span class="name">{one.name}</span>
            <span class="track">{one.share === 0 ? null : <span class="bar" aria-hidden="true" style={{ width: `${one.share * 100}%` }} />}</span>
            <b>
              {fixed(one.minutes, 1)} min, {fixed(one.share * 100)} %
            </b>
          </li>
        ))}
      </ul>
      {wholeMin === null ? null : <p class="note">{fixed(wholeMin, 1)} min from coming into the inbound lane until it was out.</p>}
      <Served terminal={terminal} found={found} />
    </>
  );
}

/** Which crane or vehicle took each box off the truck, or put it on. */
function Served({ terminal, found: { served, notSeen, wholeMin } }: { terminal: string; found: VisitService }) {
  const missing = notSeen.length > 0 ? `Nobody was seen to move ${notSeen.join(", ")}.` : served.length === 0 && wholeMin !== null ? "No box of it is known, so neither is who served it." : null;
  return (
    <>
      {missing === null ? null : <p class="note">{missing}</p>}
      {served.length === 0 ? null : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Boxes moved">
          <table>
            <Head names={["Box", "Way", "By", timed("From"), "To", "After gate-in"]} numbers={new Set(["After gate-in"])} />
            <tbody>
              {served.map((one) => (
                <tr key={`${one.container}/${one.brought}`}>
                  <th scope="row">
                    <a href={boxLink(terminal, one.container)}>{one.container}</a>
                  </th>
                  <td>{one.brought ? "off the truck" : "onto the truck"}</td>
                  <td>{one.device}</td>
                  <td>{clock(one.beganAt)}</td>
                  <td>{clock(one.endedAt)}</td>
                  <NumberCell>{one.afterMin === null ? NOTHING : `${fixed(one.afterMin, 1)} min`}</NumberCell>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
