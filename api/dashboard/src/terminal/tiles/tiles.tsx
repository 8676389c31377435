/** KPI tiles: labels, units and definitions come from the catalogue. */

import { decimalsOf, windowName } from "../../shared/format/kpis.ts";
import { fixed } from "../../shared/format/numbers.ts";
import { useSession, useTerminalData } from "../../shared/live/context.ts";
import { type Catalogue, type KpiInfo, kpiTitle, type KpiValue } from "../../shared/model/kpi.ts";
import { kpiLink } from "../../shared/routing/links.ts";
import { type Line, tooltips } from "../../shared/tooltip/tooltip.tsx";

/** The figures of the first page, in order; the catalogue has many more. */
const FIRST: readonly string[] = [
  "boxes",
  "gross_crane_rate",
  "net_crane_rate",
  "median_cycle_time",
  "truck_turn_time_median",
  "truck_turn_time_p90",
  "trucks_in_terminal",
  "gate_queue_length",
  "reefers_plugged",
  "reefers_out_of_range",
  "reefers_unpowered",
];

/** Counts that should be zero; anything else is marked. */
const ALARMS = new Set(["reefers_out_of_range", "reefers_unpowered"]);

export function Tiles() {
  const { catalogue, terminal } = useSession();
  const data = useTerminalData();
  // Before the catalogue has come, the value itself is enough for a tile.
  const known = catalogue.value.size > 0 ? [...catalogue.value.values()] : [...data.kpis.values()].filter((one) => one.subject === terminal.value).map(infoOf);
  const infos = FIRST.flatMap((id) => known.find((one) => one.id === id) ?? []);
  return (
    <section class="tiles" id="tiles" aria-label="Key figures" {...tooltips("[data-kpi]", (tile) => tileLines(catalogue.peek(), tile.getAttribute("data-kpi") ?? ""))}>
      {infos.map((info) => (
        <Tile key={info.id} info={info} value={data.kpi(info.id, terminal.value)?.value ?? null} terminal={terminal.value} />
      ))}
    </section>
  );
}

function Tile({ info, value, terminal }: { info: KpiInfo; value: number | null; terminal: string }) {
  // "Truck turn time, p90": tiles differ in what comes after the comma, so it must not be what is cut off.
  const [title, ...rest] = info.title.split(", ");
  const link = terminal === "" ? {} : { href: kpiLink(terminal, info.id, terminal) };
  return (
    <a class="tile" {...link} data-kpi={info.id} data-alarm={String(ALARMS.has(info.id) && value !== null && value > 0)}>
      <span class="title">{title}</span>
      <span class="reading">
        <b class="value">{fixed(value, decimalsOf(info.unit))}</b> <span class="unit">{info.unit}</span>
      </span>
      <span class="window">{[...rest, windowName(info.windowS)].join(" · ")}</span>
    </a>
  );
}

function tileLines(catalogue: Catalogue, id: string): Line[] | null {
  const info = catalogue.get(id);
  if (info === undefined) return null;
  return [
    info.title,
    ...(info.description ? [info.description] : []),
    ...pair("Formula", info.formula),
    ["Window", windowName(info.windowS)],
    ["Unit", info.unit || "–"],
    ...pair("Source", info.source),
    "Click to see what it is made of.",
  ];
}

function pair(label: string, value: string): Line[] {
  return value === "" ? [] : [[label, value]];
}

function infoOf({ kpi, unit, window }: KpiValue): KpiInfo {
  const windowS = window === "PT1H" ? 3600 : 0;
  return { id: kpi, title: kpiTitle(new Map(), kpi), unit, subject: "terminal", windowS, windows: new Map(), formula: "", source: "", description: "" };
}
