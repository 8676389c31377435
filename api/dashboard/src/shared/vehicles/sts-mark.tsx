/** A quay crane from above: portal, boom over the water, trolley. */

import { useSign } from "../cranes/sign.ts";
import type { Marks } from "./marks.ts";
import type { Plan } from "./plan.ts";

/** Proportions of a large crane; drawing only. [m] */
const GAUGE_M = 30;
const HALF_M = 12;
const OUTREACH_M = 66;
const BACKREACH_M = 15;
const NAME_M = -18;

interface Properties {
  id: string;
  plan: Plan;
  marks: Marks;
}

export function StsMark({ id, plan, marks }: Properties) {
  const sign = useSign(id);
  const px = (metres: number): number => metres * plan.pxPerM;
  const [wide, deep] = [HALF_M * 2, OUTREACH_M + GAUGE_M + BACKREACH_M];
  return (
    <div class="sts-mark" ref={(node) => marks.set(id, node)} data-crane={id} data-tone={sign.tone}>
      <svg
        width={px(wide)}
        height={px(deep)}
        viewBox={`${-HALF_M} ${-OUTREACH_M} ${wide} ${deep}`}
        style={{ left: `${px(-HALF_M)}px`, top: `${px(-OUTREACH_M)}px` }}
      >
        <path class="boom" d={`M-3.2 ${GAUGE_M + BACKREACH_M - 1}V${1 - OUTREACH_M}M3.2 ${GAUGE_M + BACKREACH_M - 1}V${1 - OUTREACH_M}`} />
        <path class="portal" d={`M${1 - HALF_M} 0H${HALF_M - 1}V${GAUGE_M}H${1 - HALF_M}Z`} />
      </svg>
      <span class="sts-name" style={{ transform: `translate(-50%, -50%) rotate(${-plan.turnDeg}deg)`, left: `${px(4) + (plan.turned ? 9 : 17)}px`, top: `${px(NAME_M)}px` }}>
        {id}
      </span>
      <div class="trolley-mark" ref={(node) => marks.set(trolley(id), node)} />
    </div>
  );
}

/** Key of a crane's trolley among marks. */
export function trolley(id: string): string {
  return `${id}/trolley`;
}
