/** The curve of a plug's temperatures, with setpoint, allowed range, and what was wrong. */

import { useMemo, useRef, useState } from "preact/hooks";
import { tickText } from "../shared/charts/time-ticks.ts";
import { useSize } from "../shared/effects/size.ts";
import { fixed } from "../shared/format/numbers.ts";
import { moment } from "../shared/format/times.ts";
import { bandPath, degreesScale, nearest, type Scale, timeScale } from "./curve.ts";
import type { Allowed, Gap, History, Values } from "./requests.ts";

const HEIGHT_PX = 260;
const [LEFT_PX, RIGHT_PX, ABOVE_PX, BELOW_PX] = [38, 18, 8, 20];
const AIR = ["supply", "return"] as const;

interface Scales {
  x: Scale;
  y: Scale;
  width: number;
}

export function Curve({ history }: { history: History }) {
  const host = useRef<HTMLDivElement>(null);
  const room = useSize(host);
  const [at, setAt] = useState<number | null>(null);
  const width = Math.max(100, (room?.width ?? 600) - LEFT_PX - RIGHT_PX);
  const scales = useMemo(() => scalesOf(history, width), [history, width]);
  const move = (event: PointerEvent & { currentTarget: SVGSVGElement }): void => {
    const { fromMs, toMs } = history.bounds;
    const px = event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT_PX;
    setAt(nearest(history.times, fromMs + (px / width) * (toMs - fromMs)));
  };
  return (
    <div class="curve" ref={host}>
      <svg width={width + LEFT_PX + RIGHT_PX} height={ABOVE_PX + HEIGHT_PX + BELOW_PX} role="img" aria-label="Supply and return air over time, with setpoint and allowed range" onPointerMove={move} onPointerLeave={() => setAt(null)}>
        <g transform={`translate(${LEFT_PX} ${ABOVE_PX})`}>
          <Drawn history={history} scales={scales} />
          {at === null ? null : <line class="curve-at" x1={scales.x.at(history.times[at]!)} x2={scales.x.at(history.times[at]!)} y1={0} y2={HEIGHT_PX} />}
        </g>
      </svg>
      <p class="curve-readout">{at === null ? <CurveLegend history={history} /> : readout(history, at)}</p>
    </div>
  );
}

function scalesOf({ bounds, series, ranges }: History, width: number): Scales {
  const drawn = [...AIR.flatMap((one) => [valuesOf(series, `${one}_low_degc`), valuesOf(series, `${one}_high_degc`)]), valuesOf(series, "pulp_degc")].flat();
  return { x: timeScale(bounds.fromMs, bounds.toMs, width), y: degreesScale(drawn, ranges, HEIGHT_PX), width };
}

function valuesOf(series: History["series"], name: string): Values {
  return series[name] ?? [];
}

function Drawn({ history, scales }: { history: History; scales: Scales }) {
  return useMemo(() => {
    const { times, series, ranges, excursions, offPower, silences } = history;
    const { x, y, width } = scales;
    return (
      <>
        {y.ticks.map((one) => (
          <g key={one} class="curve-tick">
            <line x1={0} x2={width} y1={y.at(one)} y2={y.at(one)} />
            <text x={-6} y={y.at(one) + 4} text-anchor="end">
              {one}°
            </text>
          </g>
        ))}
        {x.ticks.map((one) => (
          <g key={one} class="curve-tick">
            <line x1={x.at(one)} x2={x.at(one)} y1={0} y2={HEIGHT_PX} />
            <text x={x.at(one)} y={HEIGHT_PX + 14} text-anchor="middle">
              {tickText(one)}
            </text>
          </g>
        ))}
        {ranges.map((one) => (
          <AllowedBox key={one.beginAt} allowed={one} scales={scales} />
        ))}
        <Shading gaps={silences} kind="silence" scales={scales} bounds={history.bounds} />
        <Shading gaps={offPower} kind="off" scales={scales} bounds={history.bounds} />
        <Shading gaps={excursions} kind="out" scales={scales} bounds={history.bounds} />
        {AIR.map((one) => (
          <path key={one} class={`curve-${one}`} d={bandPath(times, valuesOf(series, `${one}_low_degc`), valuesOf(series, `${one}_high_degc`), x, y)} />
        ))}
        <path class="curve-pulp" d={bandPath(times, valuesOf(series, "pulp_degc"), valuesOf(series, "pulp_degc"), x, y)} />
      </>
    );
  }, [history, scales]);
}

function AllowedBox({ allowed, scales: { x, y, width } }: { allowed: Allowed; scales: Scales }) {
  const [from, to] = [Math.max(0, x.at(allowed.beginAt)), Math.min(width, x.at(allowed.endAt))];
  const [top, bottom] = [y.at(allowed.highDegc), allowed.lowDegc === null ? HEIGHT_PX : y.at(allowed.lowDegc)];
  return (
    <g>
      <rect class="curve-range" x={from} width={Math.max(0, to - from)} y={top} height={Math.max(0, bottom - top)} />
      <line class="curve-setpoint" x1={from} x2={to} y1={y.at(allowed.setpointDegc)} y2={y.at(allowed.setpointDegc)} />
    </g>
  );
}

function Shading({ gaps, kind, scales: { x, width }, bounds }: { gaps: readonly Gap[]; kind: string; scales: Scales; bounds: { toMs: number } }) {
  return (
    <>
      {gaps.map(({ beganAt, endedAt }) => {
        const [from, to] = [Math.max(0, x.at(beganAt)), Math.min(width, x.at(endedAt ?? bounds.toMs))];
        return <rect key={beganAt} class={`curve-${kind}`} x={from} width={Math.max(1, to - from)} y={0} height={HEIGHT_PX} />;
      })}
    </>
  );
}

function CurveLegend({ history }: { history: History }) {
  const profiles = [...new Set(history.ranges.map((one) => `${one.profile} (${one.probe} air, ${one.lowDegc === null ? "" : `${fixed(one.lowDegc, 1)} to `}${fixed(one.highDegc, 1)} °C)`))];
  return (
    <span class="curve-legend">
      <i class="key supply" /> supply <i class="key return" /> return <i class="key pulp" /> warmest pulp <i class="key setpoint" /> setpoint <i class="key range" /> allowed <i class="key out" /> out of range <i class="key off" /> no power{" "}
      <i class="key silence" /> not heard
      {profiles.length === 0 ? null : <span> · judged as {profiles.join(", ")}</span>}
    </span>
  );
}

function readout({ times, series, ranges }: History, at: number): string {
  const ms = times[at]!;
  const value = (name: string): string => fixed(valuesOf(series, name)[at], 1);
  const allowed = ranges.find((one) => one.beginAt <= ms && ms <= one.endAt);
  const set = allowed === undefined ? "" : ` · set ${fixed(allowed.setpointDegc, 1)}`;
  const pulp = (valuesOf(series, "pulp_degc")[at] ?? null) === null ? "" : ` · pulp ${value("pulp_degc")}`;
  return `${moment(ms)}${set} · supply ${value("supply_high_degc")} · return ${value("return_high_degc")}${pulp} · outside ${value("ambient_degc")} °C · ${fixed(valuesOf(series, "power_kw")[at], 1)} kW`;
}
