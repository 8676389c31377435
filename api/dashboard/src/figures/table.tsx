/** The table of figures: one row a KPI, one column a window; all its columns are there before any value has come. */

import { reading, windowTitle } from "../shared/format/kpis.ts";
import { NOTHING } from "../shared/format/numbers.ts";
import { type Kind, windowsFor } from "../shared/kpis/subjects.ts";
import { useSession, useTerminalData } from "../shared/live/context.ts";
import { type KpiInfo, type KpiValue, WINDOWS } from "../shared/model/kpi.ts";
import { kpiLink } from "../shared/routing/links.ts";
import { Head } from "../shared/table/table.tsx";

/** What is now comes first: figures that have nothing else would stand beyond the edge of a phone. */
const COLUMNS = ["now", ...WINDOWS.filter((one) => one !== "now")];
/** Not read yet. */
const UNKNOWN = "…";

export interface Row {
  info: KpiInfo;
  windows: readonly string[];
}

/** The KPIs that such subjects have; none where that is not known. */
export function useRows(kinds: readonly Kind[] | null): Row[] {
  const { catalogue } = useSession();
  if (kinds === null) return [];
  return [...catalogue.value.values()].map((info) => ({ info, windows: windowsFor(info, kinds) })).filter((row) => row.windows.length > 0);
}

export function FigureTable({ rows, terminal, subject }: { rows: readonly Row[]; terminal: string; subject: string }) {
  const data = useTerminalData();
  const columns = COLUMNS.filter((window) => rows.some((row) => row.windows.includes(window)));
  const titles = columns.map(windowTitle);
  return (
    <table class="figures">
      <Head names={["KPI", ...titles]} numbers={new Set(titles)} />
      <tbody>
        {rows.map(({ info, windows }) => (
          <tr key={info.id} title={info.description}>
            <th scope="row">
              {info.title}
              <span class="unit">{` ${reading(null, info.unit)[1]}`}</span>
            </th>
            {columns.map((window) =>
              windows.includes(window) ? <Cell key={window} value={data.kpi(info.id, subject, window)} known={data.allWindows} terminal={terminal} /> : <td key={window} />,
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A value leads to what it is made of; one that is not there leads nowhere. */
function Cell({ value, known, terminal }: { value: KpiValue | undefined; known: boolean; terminal: string }) {
  return (
    <td class="number">
      {value === undefined ? (
        <a data-state={known ? "none" : "loading"}>{known ? NOTHING : UNKNOWN}</a>
      ) : (
        <a data-state={value.state ?? ""} href={kpiLink(terminal, value.kpi, value.subject, value.window)}>
          {reading(value.value, value.unit)[0]}
        </a>
      )}
    </td>
  );
}
