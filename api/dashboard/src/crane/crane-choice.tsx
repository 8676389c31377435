/** The cranes of a terminal, to choose one from: those of the quay first. */

import { useEffect, useRef } from "preact/hooks";
import { craneSide, SIGNS } from "../shared/cranes/crane.ts";
import { useSign } from "../shared/cranes/sign.ts";
import type { TerminalData } from "../shared/live/terminal-data.ts";
import { useSession, useTerminalData } from "../shared/live/context.ts";
import { cycleLink } from "../shared/routing/links.ts";

/** Ids of the cranes in the order in which they are offered. */
export function offeredCranes(data: TerminalData): string[] {
  const rank = (id: string): number => (craneSide(data, id) === "quay" ? 0 : 1);
  return [...data.ids("crane")].sort((a, b) => rank(a) - rank(b));
}

export function CraneChoice({ chosen }: { chosen: string | null }) {
  return (
    <nav class="choice" aria-label="Cranes">
      {offeredCranes(useTerminalData()).map((id) => (
        <Chip key={id} id={id} chosen={id === chosen} />
      ))}
    </nav>
  );
}

function Chip({ id, chosen }: { id: string; chosen: boolean }) {
  const { terminal } = useSession();
  const { tone, state } = useSign(id);
  const chip = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (chosen) chip.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [chosen]);
  return (
    <a class="chip" ref={chip} data-tone={tone} title={state} href={cycleLink(terminal.value, id, null)} aria-current={chosen ? "page" : undefined}>
      <span class="sign" aria-hidden="true">
        {SIGNS[tone]}
      </span>
      {id}
    </a>
  );
}
