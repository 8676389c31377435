/** Minutes of each cause as bars. */

import { fixed } from "../shared/format/numbers.ts";
import { useSession } from "../shared/live/context.ts";
import { minutesByCause } from "../shared/model/cause.ts";
import { spaced } from "../shared/model/move.ts";
import { type Delay, lengthMs } from "./delay.ts";

export function CauseSums({ delays }: { delays: readonly Delay[] }) {
  const { exactNowMs } = useSession();
  const sums = minutesByCause(delays.map((one) => ({ cause: one.cause, minutes: lengthMs(one, exactNowMs) / 60_000 })));
  const most = Math.max(...sums.map(([, minutes]) => minutes), 1);
  return (
    <ul class="cause-sums" aria-label="Minutes of each cause">
      {sums.map(([cause, minutes]) => (
        <li key={cause}>
          <span class="name">{spaced(cause)}</span>
          <span class="track">
            <span class="bar" aria-hidden="true" style={{ width: `${Math.max(1, (minutes / most) * 100)}%` }} />
          </span>
          <b>{fixed(minutes)} min</b>
        </li>
      ))}
    </ul>
  );
}
