/** Lists of a reconciliation: counts by crane, boxes on one side only, boxes that differ. */

import type { ComponentChildren } from "preact";
import { fixed, NOTHING, signed } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { clock } from "../shared/format/times.ts";
import { spaced } from "../shared/model/move.ts";
import { Head, UnlockedAt } from "../shared/table/table.tsx";
import type { CraneCount, DetectedBox, ListLine, Pair } from "./reconciliation.ts";

const NUMBERS: ReadonlySet<string> = new Set(["Detected", "Listed", "Difference"]);
const NOT_READ = "not read";

export function CraneCounts({ counts }: { counts: readonly CraneCount[] }) {
  const rows = counts.map((one) => [one.crane ?? "any", spaced(one.kind), fixed(one.detected), fixed(one.listed), signed(one.difference)]);
  return <List head={["Crane", "Kind", "Detected", "Listed", "Difference"]} rows={rows} count={rows.length} />;
}

export function OnlyDetected({ boxes, count }: { boxes: readonly DetectedBox[]; count: number }) {
  const rows = boxes.map((one) => [one.device, <UnlockedAt move={one} />, `${spaced(one.kind)}${one.inferred ? " *" : ""}`, one.containerId ?? NOT_READ]);
  return <List title="Detected, not in the list" head={["Crane", timed("Unlocked"), "Kind", "Container"]} rows={rows} count={count} />;
}

export function OnlyListed({ lines, count }: { lines: readonly ListLine[]; count: number }) {
  const rows = lines.map((one) => [
    fixed(one.line),
    one.crane ?? NOTHING,
    clock(one.at),
    spaced(one.kind),
    `${one.containerId ?? NOTHING}${one.checkOk ? "" : " (fails ISO 6346)"}`,
  ]);
  return <List title="In the list, not detected" head={["Line", "Crane", timed("Time"), "Kind", "Container"]} rows={rows} count={count} />;
}

export function Differing({ pairs, count }: { pairs: readonly Pair[]; count: number }) {
  const rows = pairs.map((one) => [fixed(one.line.line), one.box.device, <UnlockedAt move={one.box} />, one.differs.join(", "), bothSides(one)]);
  return <List title="Matched, but not in everything" head={["Line", "Crane", timed("Unlocked"), "Differs in", "List / detected"]} rows={rows} count={count} />;
}

/** What list and detection have, of each part in which they differ. */
function bothSides({ line, box, differs }: Pair): string {
  const sides: Record<string, [listed: string, detected: string]> = {
    crane: [line.crane ?? NOTHING, box.device],
    kind: [spaced(line.kind), spaced(box.kind)],
    number: [line.containerId ?? NOTHING, box.containerId ?? NOT_READ],
    time: [clock(line.at), clock(box.unlockedAt)],
  };
  return differs.map((part) => (sides[part] ?? [part, part]).join(" / ")).join("; ");
}

interface Properties {
  title?: string;
  head: readonly string[];
  rows: readonly (readonly ComponentChildren[])[];
  /** How many there are, of which the server sent the first. */
  count: number;
}

function List({ title, head, rows, count }: Properties) {
  if (rows.length === 0) return null;
  return (
    <>
      {title === undefined ? null : <h3>{`${title}: ${fixed(count)}`}</h3>}
      <div class="scroll list" tabIndex={0}>
        <table>
          <Head names={head} numbers={NUMBERS} />
          <tbody>
            {rows.map((cells) => (
              <tr>
                {cells.map((cell, index) => (
                  <td class={NUMBERS.has(head[index]!) ? "number" : undefined}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {count > rows.length ? <p class="note">{`and ${fixed(count - rows.length)} more`}</p> : null}
      </div>
    </>
  );
}
