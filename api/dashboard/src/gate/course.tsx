/** A number of trucks over time, as steps, with its highest and its last value in words. */

import { useRef } from "preact/hooks";
import { tickText, timeTicks } from "../shared/charts/time-ticks.ts";
import { useSize } from "../shared/effects/size.ts";
import { fixed } from "../shared/format/numbers.ts";
import { moment } from "../shared/format/times.ts";
import type { Bounds } from "../shared/span/span.ts";
import type { Point } from "./requests.ts";
import { known, LINES, steps, summary } from "./steps.ts";

const TICK_PX = 80;
/** The scale ends at a number of trucks that each of its lines divides. */
const LEAST_TOP = 4;

export function Course({ title, points, bounds }: { title: string; points: readonly Point[]; bounds: Bounds }) {
  const host = useRef<HTMLDivElement>(null);
  const width = useSize(host)?.width ?? 0;
  const { most, mostAt, last } = summary(points);
  const words = most === null ? "nothing known" : `at most ${fixed(most)}, ${moment(mostAt)}; at the end ${fixed(last)}`;
  const top = Math.max(LEAST_TOP, Math.ceil((most ?? 0) / LINES) * LINES);
  const share = (ms: number): string => `${(100 * (ms - bounds.fromMs)) / (bounds.toMs - bounds.fromMs)}%`;
  const ticks = timeTicks(bounds.fromMs, bounds.toMs, width / TICK_PX);
  return (
    <section class="course">
      <h3>
        {title} <span class="note">{words}</span>
      </h3>
      <div class="course-plot">
        <ol class="course-scale" aria-hidden="true">
          {Array.from({ length: LINES + 1 }, (_, at) => (
            <li key={at}>{fixed(top - (top * at) / LINES)}</li>
          ))}
        </ol>
        <div ref={host} class="course-room">
          <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label={`${title}: ${words}`}>
            {known(points, bounds).map(([from, to]) => (
              <rect key={from} class="known" x={from} width={to - from} height={100} />
            ))}
            {Array.from({ length: LINES }, (_, at) => (
              <path key={at} class="grid-line" d={`M0 ${(100 * at) / LINES}H1000`} />
            ))}
            {steps(points, bounds, top).map((line) => (
              <polyline key={line} points={line} />
            ))}
          </svg>
          <ol class="course-times" aria-hidden="true">
            {ticks.map((ms) => (
              <li key={ms} style={{ left: share(ms) }}>
                {tickText(ms)}
              </li>
            ))}
          </ol>
        </div>
      </div>
    </section>
  );
}
