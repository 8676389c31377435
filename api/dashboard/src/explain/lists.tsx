/** Lists of an explanation: moves counted, moves not counted, delays, visits, excursions, levels, calls. */

import { degrees, fixed, NOTHING } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { clock, dayMinute, hourMinute } from "../shared/format/times.ts";
import { minutesByCause } from "../shared/model/cause.ts";
import type { Excursion } from "../shared/model/excursion.ts";
import { confidenceText, type Move, spaced } from "../shared/model/move.ts";
import { stayMin, type Visit } from "../shared/model/visit.ts";
import { NumberCell, UnlockedAt } from "../shared/table/table.tsx";
import { type CallPart, type DelayPart, type Explanation, type Level, liftsAndBoxes, type NotCounted } from "./explanation.ts";
import { List } from "./list.tsx";

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
        <List head={["Crane", timed("Unlocked"), "Kind", "Boxes", "Containers"]} rows={moves} row={(one) => <MoveRow move={one} />} />
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
      <List head={["Crane", timed("Unlocked"), "Kind", "Why not"]} rows={moves} row={row} />
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
      <List head={["Crane", timed("From – to"), "Minutes", "Cause", "Whose", "How known"]} rows={delays} row={row} />
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
      <List head={["Plate", timed("In"), "Out", "Minutes"]} rows={visits} row={row} />
    </section>
  );
}

export function Excursions({ excursions }: { excursions: readonly Excursion[] }) {
  if (excursions.length === 0) return null;
  const row = (one: Excursion) => (
    <tr>
      <th scope="row">{one.device}</th>
      <td>{one.containerId ?? NOTHING}</td>
      <td>{spaced(one.probe)}</td>
      <td>{dayMinute(one.beganAt)}</td>
      <NumberCell>{fixed(one.setpointDegc, 1)}</NumberCell>
      <NumberCell>{degrees(one.worstDegc)}</NumberCell>
    </tr>
  );
  return (
    <section class="excursions-counted">
      <h3>{`Excursions counted: ${fixed(excursions.length)}`}</h3>
      <List head={["Plug", "Container", "Probe", timed("Since"), "Set °C", "Δ °C"]} rows={excursions} row={row} />
    </section>
  );
}

/** What devices had at the end of the window: all of one kind, since a KPI is made of one. */
export function Levels({ levels }: { levels: readonly Level[] }) {
  const first = levels[0];
  if (first === undefined) return null;
  const sum = levels.reduce((before, one) => before + (one.value ?? 0), 0);
  const row = (one: Level) => (
    <tr>
      <th scope="row">{one.device}</th>
      <NumberCell>{fixed(one.value)}</NumberCell>
      <td>{dayMinute(one.since)}</td>
    </tr>
  );
  return (
    <section class="levels-counted">
      <h3>{`Levels counted: ${spaced(first.name)} of ${fixed(levels.length)} devices, ${fixed(sum)} in all`}</h3>
      <List head={["Device", "Value", timed("Since")]} rows={levels} row={row} />
    </section>
  );
}

export function Calls({ calls }: { calls: readonly CallPart[] }) {
  if (calls.length === 0) return null;
  const row = (one: CallPart) => (
    <tr>
      <th scope="row">{one.call}</th>
      <td>{one.vessel ?? NOTHING}</td>
      <td>{one.berth ?? NOTHING}</td>
      <NumberCell>{fixed(one.boxes)}</NumberCell>
      <NumberCell>{fixed(one.planned)}</NumberCell>
      <NumberCell>{fixed(one.listed)}</NumberCell>
    </tr>
  );
  return (
    <section class="calls-counted">
      <h3>{`Vessel calls: ${fixed(calls.length)}`}</h3>
      <List head={["Call", "Vessel", "Berth", "Boxes", "Planned", "Listed"]} rows={calls} row={row} />
    </section>
  );
}
