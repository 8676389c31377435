/** The last crane moves. */

import { fixed } from "../../shared/format/numbers.ts";
import { zoneTitle } from "../../shared/format/shown-zone.ts";
import { clock } from "../../shared/format/times.ts";
import { useSession, useTerminalData } from "../../shared/live/context.ts";
import { type Move, moveKey } from "../../shared/model/move.ts";
import { cycleLink } from "../../shared/routing/links.ts";
import { Head } from "../../shared/table/table.tsx";

const MOST = 40;
/** A longer pause between two moves is no cycle (KPI median_cycle_time). */
const PAUSE_MS = 30 * 60_000;

export function Moves() {
  return (
    <section class="panel moves-panel" aria-labelledby="moves-title">
      <div class="panel-head">
        <h2 id="moves-title">Last moves</h2>
        <span class="note">{`${zoneTitle()}, * inferred`}</span>
      </div>
      <div class="scroll body" id="moves" tabIndex={0} role="region" aria-labelledby="moves-title">
        <MoveTable />
      </div>
    </section>
  );
}

function MoveTable() {
  const data = useTerminalData();
  const cycleS = cycleTimes(data.moves);
  return (
    <>
      <table class="moves">
        <caption class="unseen">{`Last crane moves, times in ${zoneTitle()}`}</caption>
        <Head names={["Crane", "Kind", "Boxes", "Cycle s", "Locked", "Unlocked"]} />
        <tbody>
          {data.moves.slice(0, MOST).map((one) => (
            <Row key={moveKey(one)} move={one} cycleS={cycleS.get(one) ?? null} isNew={data.liveMoves.has(moveKey(one))} />
          ))}
        </tbody>
      </table>
      {data.moves.length > 0 ? null : <p class="empty">No moves yet: a move is lock, lift, land, unlock</p>}
    </>
  );
}

/** @param isNew it came while the page was open: it lights up once. */
function Row({ move, cycleS, isNew }: { move: Move; cycleS: number | null; isNew: boolean }) {
  const { terminal } = useSession();
  return (
    <tr class={isNew ? "fresh" : undefined} data-kind={move.kind}>
      <th scope="row">
        <a href={cycleLink(terminal.value, move.device, move.lockedAt)} title="The raw signals of this cycle">
          {move.device}
        </a>
      </th>
      <td>{move.inferred ? `${move.kind} *` : move.kind}</td>
      <td>{fixed(move.boxes)}</td>
      <td>{fixed(cycleS)}</td>
      <td>{clock(move.lockedAt)}</td>
      <td>{clock(move.unlockedAt)}</td>
    </tr>
  );
}

/** Time from the move before it of the same crane, unlock to unlock; absent where that is not known. [s] */
function cycleTimes(moves: readonly Move[]): Map<Move, number> {
  const next = new Map<string, Move>();
  const found = new Map<Move, number>();
  for (const one of moves) {
    const after = next.get(one.device);
    if (after !== undefined && after.unlockedAt - one.unlockedAt <= PAUSE_MS) found.set(after, (after.unlockedAt - one.unlockedAt) / 1000);
    next.set(one.device, one);
  }
  return found;
}
