/** KPI values of one subject in a row, of several windows; each value is a link to what it is made of. */

import { kpiLink } from "../routing/links.ts";
import { useFlash } from "../effects/flash.ts";
import { reading, windowTitle } from "../format/kpis.ts";
import { useSession, useTerminalData } from "../live/context.ts";
import { type KpiValue, kpiTitle } from "../model/kpi.ts";

interface Properties {
  subject: string;
  /** Ids in order. */
  kpis: readonly string[];
  /** Windows to show of each, where there is a value. */
  windows: readonly string[];
}

export function Readings({ subject, kpis, windows }: Properties) {
  const data = useTerminalData();
  const found = kpis.map((kpi) => windows.flatMap((window) => data.kpi(kpi, subject, window) ?? [])).filter((values) => values.length > 0);
  return (
    <ul class="readings">
      {found.map((values) => (
        <Card key={values[0]!.kpi} values={values} />
      ))}
    </ul>
  );
}

function Card({ values }: { values: readonly KpiValue[] }) {
  const { catalogue, terminal } = useSession();
  const { kpi, value, unit } = values[0]!;
  const title = kpiTitle(catalogue.value, kpi);
  const [, shownUnit] = reading(value, unit);
  const alone = values.length === 1 && values[0]!.window === "call";
  return (
    <li data-kpi={kpi}>
      <span class="name">{shownUnit === "" || shownUnit === title.toLowerCase() ? title : `${title}, ${shownUnit}`}</span>
      <span class="values">
        {values.map((one) => (
          <a key={one.window} href={kpiLink(terminal.value, one.kpi, one.subject, one.window)} title="What is this made of?">
            <Value value={one} />
            {alone ? null : <span class="window"> {windowTitle(one.window)}</span>}
          </a>
        ))}
      </span>
    </li>
  );
}

function Value({ value }: { value: KpiValue }) {
  const [shown] = reading(value.value, value.unit);
  return (
    <b ref={useFlash<HTMLElement>(shown)} data-state={value.state ?? ""}>
      {shown}
    </b>
  );
}
