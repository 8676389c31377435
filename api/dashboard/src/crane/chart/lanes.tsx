/** Lanes on the times of the plots: cycles to choose from, their phases, twistlocks and landing. */

import { clock, zoneAt } from "../../shared/format/times.ts";
import { confidenceText, moveKey, moveTitle, spaced } from "../../shared/model/move.ts";
import { type Cycle, type Phase, PHASE_NAMES, type Span } from "../cycle.ts";
import { runs } from "../signals/trace.ts";
import { Lane, placed } from "./lane.tsx";
import type { View } from "./signal-canvas.ts";

export function CycleLane({ view, choose }: { view: View; choose: (cycle: Cycle) => void }) {
  return (
    <Lane name="Cycle" class="cycle-lane" group onKeyDown={walk}>
      {view.cycles.map((one, index) => (
        <CycleButton key={moveKey(one.move)} cycle={one} number={index + 1} pressed={one === view.chosen} shown={view.span} choose={choose} />
      ))}
    </Lane>
  );
}

interface ButtonProperties {
  cycle: Cycle;
  number: number;
  pressed: boolean;
  shown: Span;
  choose: (cycle: Cycle) => void;
}

function CycleButton({ cycle, number, pressed, shown, choose }: ButtonProperties) {
  const { move } = cycle;
  const confidence = confidenceText(move);
  const facts = [`Cycle ${number}`, moveTitle(move), ...move.containerIds, `locked ${clock(move.lockedAt)} ${zoneAt(move.lockedAt)}`, ...(confidence === "" ? [] : [`inferred or doubtful, ${confidence}`])];
  const boxes = move.boxes === null || move.boxes === 0 ? "" : ` ×${move.boxes}`;
  return (
    <button
      type="button"
      class="cycle"
      aria-label={facts.join(", ")}
      title={facts.join("\n")}
      data-inferred={String(confidence !== "")}
      aria-pressed={pressed}
      onClick={() => choose(cycle)}
      {...placed(cycle, shown)}
    >
      <span class="number">{number}</span>
      <span class="what">{`${spaced(move.kind)}${boxes}`}</span>
      <span class="ids">
        {confidence === "" ? null : <em>{`${confidence} `}</em>}
        {move.containerIds.join(" ")}
      </span>
    </button>
  );
}

/** Arrow keys walk from cycle to cycle. */
function walk(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const visible = [...event.currentTarget.querySelectorAll<HTMLElement>(".cycle:not([hidden])")];
  const here = visible.indexOf(document.activeElement as HTMLElement);
  if (by === undefined || here < 0) return;
  event.preventDefault();
  visible[Math.min(visible.length - 1, Math.max(0, here + by))]?.focus();
}

export function PhaseLane({ view }: { view: View }) {
  return (
    <Lane name="Phase" class="phase-lane">
      {view.cycles.flatMap((cycle) => cycle.phases.map((phase) => <PhasePiece phase={phase} shown={view.span} />))}
      {view.waits.map((wait) => (
        <span class="wait" title={`waits in the air, ${((wait.endMs - wait.beginMs) / 1000).toFixed(0)} s`} {...placed(wait, view.span)} />
      ))}
    </Lane>
  );
}

function PhasePiece({ phase, shown }: { phase: Phase; shown: Span }) {
  const name = PHASE_NAMES[phase.phase];
  return (
    <span class="phase" data-phase={phase.phase} title={`${name}, ${((phase.endMs - phase.beginMs) / 1000).toFixed(1)} s`} {...placed(phase, shown)}>
      <span class="letter">{name.charAt(0).toUpperCase()}</span>
      <span class="word">{name}</span>
    </span>
  );
}

/** Where a signal that is on or off was on. */
export function RunLane({ name, signal, view }: { name: string; signal: string; view: View }) {
  return (
    <Lane name={name} class="run-lane">
      {runs(view.trace, signal).map((run) => (
        <span class="run" data-signal={signal} {...placed(run, view.span)} />
      ))}
    </Lane>
  );
}
