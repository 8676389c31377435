/** Lists of an explanation: moves counted, moves not counted, delays, visits. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { clock, hourMinute } from "../shared/format/times.ts";
import { minutesByCause } from "../shared/model/cause.ts";
import { confidenceText, type Move, spaced } from "../shared/model/move.ts";
import { stayMin, type Visit } from "../shared/model/visit.ts";
import { Head, NumberCell, UnlockedAt } from "../shared/table/table.tsx";
import { type DelayPart, type Explanation, liftsAndBoxes, type NotCounted } from "./explanation.ts";

/** More rows than this wait behind a button: a day has thousands, and what follows must be found. */
const AT_FIRST = 12;
const NUMBERS: ReadonlySet<string> = new Set(["Boxes", "Minutes"]);

/** Whether a value counts moves at all; gates and reefers do not. */
export function countsMoves(found: Explanation): boolean {
  return found.counted.length + found.notCounted.length > 0 || found.terms.some((one) => /boxes|moves|lifts|cycle/.test(one.name));
}

export function Counted({ moves, leftOff }: { moves: readonly Move[]; leftOff: number }) {
  const sum = moves.length === 0 ? "0" : `${leftOff === 0 ? "" : "the newest "}${liftsAndBoxes(moves)}`;
  return (
    <section class="counted">
      <h3>{`Moves counted: ${sum}`}</h3>
      {moves.length === 0 ? (
        <p class="empty">None was unlocked in the window.</p>
      ) : (
        <List head={["Crane", "Unlocked", "Kind", "Boxes", "Containers"]} rows={moves} row={(one) => <MoveRow move={one} />} />
      )}
      {moves.length === 0 || leftOff === 0 ? null : <p class="note">{`${fixed(leftOff)} older moves are not listed here; the terms of the formula hold them.`}</p>}
    </section>
  );
}

function MoveRow({ move }: { move: Move }) {
  const confidence = confidenceText(move);
  return (
    <tr>
      <th scope="row">{move.device}</th>
      <td>
        <UnlockedAt move={move} />
      </td>
      <td>
        {spaced(move.kind)}
        {confidence === "" ? null : <em title="inferred or doubtful">{` ${confidence}`}</em>}
      </td>
      <NumberCell>{fixed(move.boxes)}</NumberCell>
      <td class="ids">{move.containerIds.join(" ") || NOTHING}</td>
    </tr>
  );
}

export function NotCountedMoves({ moves }: { moves: readonly NotCounted[] }) {
  if (moves.length === 0) return null;
  const row = ({ move, reason }: NotCounted) => (
    <tr>
      <th scope="row">{move.device}</th>
      <td>
        <UnlockedAt move={move} />
      </td>
      <td>{spaced(move.kind)}</td>
      <td class="reason">{reason}</td>
    </tr>
  );
  return (
    <section class="not-counted">
      <h3>{`Moves not counted: ${fixed(moves.length)}`}</h3>
      <List head={["Crane", "Unlocked", "Kind", "Why not"]} rows={moves} row={row} />
    </section>
  );
}

/** Delays with their causes: time that was left out, or that was counted. */
export function Delays({ title, delays }: { title: string; delays: readonly DelayPart[] }) {
  if (delays.length === 0) return null;
  const minutes = delays.reduce((sum, one) => sum + (one.minutes ?? 0), 0);
  const causes = minutesByCause(delays).map(([cause, some]) => `${spaced(cause)} ${fixed(some, 1)}`);
  const row = (one: DelayPart) => (
    <tr>
      <th scope="row">{one.device}</th>
      <td>{`${hourMinute(one.beganAt)}–${one.endedAt === null ? "now" : hourMinute(one.endedAt)}`}</td>
      <NumberCell>{fixed(one.minutes, 1)}</NumberCell>
      <td>{spaced(one.cause)}</td>
      <td>{one.party || NOTHING}</td>
      <td>{one.entered ? "stated by people" : "found by signals"}</td>
    </tr>
  );
  return (
    <section class="excluded">
      <h3>{`${title}: ${fixed(minutes, 1)} min (${causes.join(", ")})`}</h3>
      <List head={["Crane", "UTC", "Minutes", "Cause", "Whose", "How known"]} rows={delays} row={row} />
    </section>
  );
}

export function Visits({ visits }: { visits: readonly Visit[] }) {
  if (visits.length === 0) return null;
  const row = (one: Visit) => (
    <tr>
      <th scope="row">{one.plate ?? one.visit}</th>
      <td>{clock(one.enteredAt)}</td>
      <td>{clock(one.leftAt)}</td>
      <NumberCell>{fixed(stayMin(one), 1)}</NumberCell>
    </tr>
  );
  return (
    <section class="visits-counted">
      <h3>{`Visits counted: ${fixed(visits.length)}`}</h3>
      <List head={["Plate", "In", "Out", "Minutes"]} rows={visits} row={row} />
    </section>
  );
}

function List<T>({ head, rows, row }: { head: readonly string[]; rows: readonly T[]; row: (one: T) => VNode }) {
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
