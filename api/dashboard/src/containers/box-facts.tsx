/** Where a container is, or was at the end of a span, and what is known of it. */

import { moment } from "../shared/format/times.ts";
import type { Bounds } from "../shared/span/span.ts";
import { placeText, stateTitle } from "./container.ts";
import { whereAfter } from "./event.ts";
import type { Box } from "./requests.ts";

/** @param bounds of the span; null: now. */
export function BoxFacts({ box, bounds }: { box: Box; bounds: Bounds | null }) {
  const { detail, events } = box;
  const where = bounds === null ? detail : whereAfter(events.filter(({ time }) => time <= bounds.toMs));
  const facts: [string, string][] = [
    [bounds === null ? "State" : "State at the end of the span", where === null ? "not seen yet" : stateTitle(where.state)],
    ["Place", placeText(where?.place ?? null)],
    ["Since", moment(where?.since ?? null)],
    ["Size-type", [detail.isoCode, detail.sizeType].filter((one) => one !== null).join(": ") || "–"],
    ...detail.announcement,
  ];
  return (
    <>
      {detail.checkOk ? null : <p class="odd">⚠ The number fails its check digit: it may be misread.</p>}
      {detail.conflict && bounds === null ? <p class="odd">⚠ Its events contradict each other: see Conflicts below.</p> : null}
      <dl class="box-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
