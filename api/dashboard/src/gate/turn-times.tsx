/** How long trucks were inside, of those that left in the span. */

import { fixed } from "../shared/format/numbers.ts";
import type { Visit } from "../shared/model/visit.ts";
import type { Bounds } from "../shared/span/span.ts";
import { type Bucket, distribution, quantile, shares, turnTimes } from "./figures.ts";

export function TurnTimes({ visits, bounds }: { visits: readonly Visit[]; bounds: Bounds }) {
  const times = turnTimes(visits, bounds);
  const buckets = distribution(times);
  const most = Math.max(1, ...buckets.map((one) => one.count));
  const [short, middle, long] = shares(times).map((one) => fixed(100 * one, 1));
  return (
    <section class="turn-times">
      <h3>Turn times</h3>
      <p>
        {fixed(times.length)} trucks left: median <b>{minutes(quantile(times, 0.5))}</b>, p90 <b>{minutes(quantile(times, 0.9))}</b>, p95{" "}
        <b>{minutes(quantile(times, 0.95))}</b>
      </p>
      <p class="note">
        Below 1 h {short} %, 1–2 h {middle} %, 2 h or more {long} %
      </p>
      <ul aria-label="Trucks by turn time">
        {buckets.map((one) => (
          <li key={one.fromMin}>
            <span class="name">{range(one)}</span>
            <span class="track">
              {one.count === 0 ? null : <span class="bar" aria-hidden="true" style={{ width: `${(one.count / most) * 100}%` }} />}
            </span>
            <b>{fixed(one.count)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function range({ fromMin, toMin }: Bucket): string {
  return toMin === null ? `≥ ${fromMin} min` : `${fromMin}–${toMin} min`;
}

function minutes(ms: number | null): string {
  return ms === null ? "–" : `${fixed(ms / 60_000, 1)} min`;
}
