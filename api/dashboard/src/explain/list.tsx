/** A table of facts of an explanation: the first ones, and the others behind a button. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { fixed } from "../shared/format/numbers.ts";
import { Head } from "../shared/table/table.tsx";

/** More rows than this wait behind a button: a day has thousands, and what follows must be found. */
const AT_FIRST = 12;
const NUMBERS: ReadonlySet<string> = new Set([
  "Boxes",
  "Minutes",
  "Set °C",
  "Δ °C",
  "Value",
  "Planned",
  "Listed",
  "m",
  "kWh",
  "kW",
  "Cranes",
  "Reefers",
  "Chargers",
  "kg CO2/kWh",
  "Hours known",
  "Waited min",
  "Battery % before",
  "Battery % after",
]);

export function List<T>({ head, rows, row }: { head: readonly string[]; rows: readonly T[]; row: (one: T) => VNode }) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, AT_FIRST);
  return (
    <div class="list">
      <table>
        <Head names={head} numbers={NUMBERS} />
        <tbody>{shown.map(row)}</tbody>
      </table>
      {shown.length === rows.length ? null : (
        <button type="button" onClick={() => setAll(true)}>
          {`Show ${fixed(rows.length - shown.length)} more`}
        </button>
      )}
    </div>
  );
}
