/** What was taken over time: a bar for each step, by kind of equipment. */

import { useRef } from "preact/hooks";
import { tickText, timeTicks } from "../shared/charts/time-ticks.ts";
import { useSize } from "../shared/effects/size.ts";
import { fixed } from "../shared/format/numbers.ts";
import { moment } from "../shared/format/times.ts";
import type { Bounds } from "../shared/span/span.ts";
import { type Line, tooltips } from "../shared/tooltip/tooltip.tsx";
import { type Energy, KINDS, partsOf, roundUp, type Shown, type Step, total } from "./energy.ts";

const HEIGHT_PX = 230;
const LEFT_PX = 46;
const BELOW_PX = 20;
const ABOVE_PX = 8;
const RIGHT_PX = 18;
const TICK_PX = 62;
const LINES = 4;
export const UNITS: Record<Shown, string> = { energy: "kWh", co2: "kg CO2", peak: "kW" };

interface Properties {
  energy: Energy;
  bounds: Bounds;
  shown: Shown;
}

export function EnergyChart({ energy, bounds, shown }: Properties) {
  const host = useRef<HTMLDivElement>(null);
  const width = useSize(host)?.width ?? 0;
  const steps = new Map(energy.steps.map((one) => [String(one.beganAt), one]));
  const lines = (part: Element) => {
    const step = steps.get(part.getAttribute("data-step") ?? "");
    return step === undefined ? null : stepLines(step);
  };
  return (
    <div class="energy-chart" ref={host} role="img" aria-label={chartText(energy, shown)} {...tooltips("[data-step]", lines)}>
      {width === 0 ? null : <Bars energy={energy} bounds={bounds} shown={shown} width={width} />}
    </div>
  );
}

function Bars({ energy, bounds, shown, width }: Properties & { width: number }) {
  const { stepMs, steps } = energy;
  const fromMs = Math.min(bounds.fromMs, steps[0]?.beganAt ?? bounds.fromMs);
  const pxPerMs = (width - LEFT_PX - RIGHT_PX) / (bounds.toMs - fromMs);
  const x = (ms: number): number => LEFT_PX + (ms - fromMs) * pxPerMs;
  const drawn = steps.map((step) => ({ step, parts: partsOf(step, shown) }));
  const ends = drawn.flatMap(({ parts }) => parts.flatMap(({ low, high }) => [low, high]));
  const [high, low] = [roundUp(Math.max(0, ...ends)), Math.min(0, ...ends)];
  const pxPerUnit = (HEIGHT_PX - BELOW_PX - ABOVE_PX) / (high - low);
  const y = (value: number): number => ABOVE_PX + (high - value) * pxPerUnit;
  const barPx = Math.max(1, stepMs * pxPerMs - (stepMs * pxPerMs > 4 ? 1 : 0));
  return (
    <svg width={width} height={HEIGHT_PX} aria-hidden="true">
      {Array.from({ length: LINES + 1 }, (_, n) => (high * n) / LINES).map((value) => (
        <g key={value}>
          <path class="grid-line" d={`M${LEFT_PX} ${y(value)}H${width - RIGHT_PX}`} />
          <text class="tick" x={LEFT_PX - 6} y={y(value) + 4} text-anchor="end">
            {fixed(value, high < LINES ? 1 : 0)}
          </text>
        </g>
      ))}
      {timeTicks(fromMs, bounds.toMs, (width - LEFT_PX - RIGHT_PX) / TICK_PX).map((ms) => (
        <text key={ms} class="tick" x={x(ms)} y={HEIGHT_PX - 5} text-anchor="middle">
          {tickText(ms)}
        </text>
      ))}
      {drawn.map(({ step, parts }) => (
        <g key={step.beganAt} class="bar" data-step={step.beganAt}>
          <rect class="room" x={x(step.beganAt)} y={ABOVE_PX} width={stepMs * pxPerMs} height={HEIGHT_PX - BELOW_PX - ABOVE_PX} />
          {parts.map((part) => (
            <rect key={part.equipment} class="part" data-kind={part.equipment} x={x(step.beganAt)} y={y(part.high)} width={barPx} height={Math.max(0.5, (part.high - part.low) * pxPerUnit)} />
          ))}
        </g>
      ))}
    </svg>
  );
}

function stepLines(step: Step): Line[] {
  const { energyKwh, co2Kg } = total(step.kinds);
  const kinds = KINDS.flatMap(({ id, name }) => {
    const kind = step.kinds.find((one) => one.equipment === id);
    return kind === undefined ? [] : [[name, `${fixed(kind.energyKwh, 1)} kWh`] as const];
  });
  return [moment(step.beganAt), ...kinds, ["all", `${fixed(energyKwh, 1)} kWh`], ["CO2", `${fixed(co2Kg, 1)} kg`], ["largest quarter", `${fixed(step.peakKw)} kW`]];
}

function chartText(energy: Energy, shown: Shown): string {
  const { energyKwh, co2Kg } = total(energy.kinds);
  if (shown === "peak") return `Peak power over time, at most ${fixed(energy.peaks[0]?.powerKw)} kW`;
  return shown === "co2" ? `CO2 over time, ${fixed(co2Kg)} kg in all` : `Energy over time, ${fixed(energyKwh)} kWh in all`;
}
