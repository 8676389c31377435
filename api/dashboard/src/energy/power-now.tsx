/** Power that devices draw at this moment, by their last samples. Shown while the page is live. */

import { boolean, number } from "../shared/api/fields.ts";
import { fixed } from "../shared/format/numbers.ts";
import { useSession, useTerminalData } from "../shared/live/context.ts";
import type { TerminalData } from "../shared/live/terminal-data.ts";
import { type Drawing, KINDS } from "./energy.ts";

/** Older samples say nothing of now: reefers report every hour at least, others each second. [ms] */
const FRESH_MS: Record<string, number> = { crane: 60_000, reefer: 75 * 60_000, vehicle: 60_000 };

export function PowerNow() {
  const drawn = drawings(useTerminalData(), useSession().nowMs);
  if (drawn.length === 0) return null;
  return (
    <p class="power-now">
      <span class="note">Power now </span>
      {drawn.map(({ equipment, powerKw, devices }) => (
        <span key={equipment} class="power">
          {KINDS.find(({ id }) => id === equipment)?.name} <b>{fixed(powerKw)} kW</b> <span class="note">of {fixed(devices)}</span>
        </span>
      ))}
    </p>
  );
}

function drawings(data: TerminalData, nowMs: number): Drawing[] {
  return KINDS.flatMap(({ id }) => {
    const powers = data.ids(id).flatMap((device) => {
      const sample = data.sample(id, device);
      const power = sample === undefined || nowMs - sample.time > FRESH_MS[id]! ? null : number(sample.signals["power_kw"]);
      if (sample === undefined || power === null) return [];
      return [id === "vehicle" ? (boolean(sample.signals["charging"]) ? Math.abs(power) : 0) : power];
    });
    return powers.length === 0 ? [] : [{ equipment: id, powerKw: powers.reduce((sum, one) => sum + one, 0), devices: powers.length }];
  });
}
