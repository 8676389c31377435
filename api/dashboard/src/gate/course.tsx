/** A number of trucks over time, as steps, with its highest and its last value in words. */

import { fixed } from "../shared/format/numbers.ts";
import { dayMinute, hourMinute } from "../shared/format/times.ts";
import type { Bounds } from "../shared/span/span.ts";
import { steps, summary } from "./steps.ts";
import type { Point } from "./requests.ts";

const TICKS = 5;
const DAY_MS = 24 * 3_600_000;

export function Course({ title, points, bounds }: { title: string; points: readonly Point[]; bounds: Bounds }) {
  const { most, mostAt, last } = summary(points);
  const time = bounds.toMs - bounds.fromMs > DAY_MS ? dayMinute : hourMinute;
  const words = most === null ? "nothing known" : `at most ${fixed(most)}, at ${time(mostAt)}; at the end ${fixed(last)}`;
  const top = Math.max(4, most ?? 0);
  return (
    <section class="course">
      <h3>
        {title} <span class="note">{words}</span>
      </h3>
      <div class="course-plot">
        <span class="course-top">{fixed(top)}</span>
        <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label={`${title}: ${words}`}>
          {steps(points, bounds, top).map((line) => (
            <polyline key={line} points={line} />
          ))}
        </svg>
        <ol class="course-times" aria-hidden="true">
          {Array.from({ length: TICKS }, (_, at) => (
            <li key={at}>{time(bounds.fromMs + ((bounds.toMs - bounds.fromMs) * at) / (TICKS - 1))}</li>
          ))}
        </ol>
      </div>
    </section>
  );
}
