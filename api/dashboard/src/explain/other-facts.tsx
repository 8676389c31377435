/** Lists of an explanation of facts that the page knows nothing of but their columns: those of a new stream, say. */

import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { dayMinute } from "../shared/format/times.ts";
import { timestamp } from "../shared/api/fields.ts";
import { spaced } from "../shared/model/move.ts";
import { List } from "./list.tsx";
import type { OtherFacts } from "./explanation.ts";

const DECIMALS = 2;

export function Others({ others }: { others: readonly OtherFacts[] }) {
  return (
    <>
      {others.map((one) => (
        <Facts key={one.fact} of={one} />
      ))}
    </>
  );
}

function Facts({ of }: { of: OtherFacts }) {
  const row = (fact: OtherFacts["facts"][number]) => (
    <tr>
      <th scope="row">{cell("device", fact["device"])}</th>
      {of.columns.map((name) => (
        <td key={name}>{cell(name, fact[name])}</td>
      ))}
    </tr>
  );
  return (
    <section class="others-counted" data-fact={of.fact}>
      <h3>{`Facts ${spaced(of.fact)}: ${fixed(of.facts.length)}`}</h3>
      <List head={["Device", ...of.columns.map(spaced)]} rows={of.facts} row={row} />
    </section>
  );
}

/** A value as a person reads it; a time by the name of its column. */
export function cell(name: string, value: unknown): string {
  if (name === "time" || name.endsWith("_at")) return dayMinute(timestamp(value));
  if (typeof value === "number") return fixed(value, Number.isInteger(value) ? 0 : DECIMALS);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(String).join(" ") || NOTHING;
  return typeof value === "string" && value !== "" ? value : NOTHING;
}
