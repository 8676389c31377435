/** The table of the cycles that are drawn: phases in seconds, boxes, load, energy. */

import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { clock } from "../shared/format/times.ts";
import { confidenceText, moveKey, spaced } from "../shared/model/move.ts";
import { cycleLink } from "../shared/routing/links.ts";
import { Head, NumberCell } from "../shared/table/table.tsx";
import { type Cycle, cycleS, PHASE_NAMES, PHASES, phaseS, waitedS } from "./cycle.ts";

const LOCKED = "Locked";
const WORDS = ["#", LOCKED, "Kind", "Containers"];
const PHASE_HEADS = PHASES.map((name) => `${sentence(PHASE_NAMES[name])} s`);
const COLUMNS = ["#", LOCKED, "Kind", "Boxes", "Containers", "Load t", ...PHASE_HEADS, "Waited s", "Cycle s", "kWh", "Seen"];
const NUMBERS: ReadonlySet<string> = new Set(COLUMNS.filter((name) => !WORDS.includes(name)));

interface Properties {
  terminal: string;
  cycles: readonly Cycle[];
  chosen: Cycle | null;
}

export function CycleTable({ terminal, cycles, chosen }: Properties) {
  return (
    <table class="cycles">
      <caption class="unseen">Cycles with the times of their phases</caption>
      <Head names={COLUMNS.map((name) => (name === LOCKED ? timed(name) : name))} numbers={NUMBERS} />
      <tbody>
        {cycles.map((one, index) => (
          <Row key={moveKey(one.move)} terminal={terminal} cycle={one} number={index + 1} chosen={one === chosen} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ terminal, cycle, number, chosen }: { terminal: string; cycle: Cycle; number: number; chosen: boolean }) {
  const { move } = cycle;
  return (
    <tr data-kind={move.kind} aria-current={chosen ? "true" : undefined}>
      <th scope="row">{number}</th>
      <td>
        <a href={cycleLink(terminal, move.device, chosen ? null : move.lockedAt)} title={chosen ? "Back to all" : "Look closer"}>
          {clock(move.lockedAt)}
        </a>
      </td>
      <td>
        {spaced(move.kind)}
        {move.twin ? " (twin)" : ""}
      </td>
      <NumberCell>{fixed(move.boxes)}</NumberCell>
      <td class="ids">{move.containerIds.join(" ") || NOTHING}</td>
      <NumberCell>{fixed(move.peakLoadT, 1)}</NumberCell>
      {PHASES.map((name) => (
        <NumberCell key={name}>{fixed(phaseS(cycle, name), 1)}</NumberCell>
      ))}
      <NumberCell>{fixed(waitedS(move))}</NumberCell>
      <NumberCell>{fixed(cycleS(cycle))}</NumberCell>
      <NumberCell>{fixed(move.energyKwh, 1)}</NumberCell>
      <SeenCell confidence={confidenceText(move)} />
    </tr>
  );
}

function SeenCell({ confidence }: { confidence: string }) {
  const doubtful = confidence !== "";
  return (
    <td
      class="number seen"
      data-doubt={String(doubtful)}
      title={doubtful ? "* part of it was not seen and follows from the rest; per cent is the confidence" : undefined}
    >
      {confidence || "all"}
    </td>
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
