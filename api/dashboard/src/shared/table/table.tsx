/** Parts of tables that several pages have. */

import type { ComponentChildren } from "preact";
import { cycleLink } from "../routing/links.ts";
import { clock } from "../format/times.ts";
import { useSession } from "../live/context.ts";

/** @param numbers the names of the columns that hold numbers. */
export function Head({ names, numbers }: { names: readonly string[]; numbers?: ReadonlySet<string> }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th scope="col" class={numbers?.has(name) ? "number" : undefined}>
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

export function NumberCell({ children }: { children: ComponentChildren }) {
  return <td class="number">{children}</td>;
}

/** When a move was unlocked, as a link to its cycle. */
export function UnlockedAt({ move }: { move: { device: string; lockedAt: number; unlockedAt: number | null } }) {
  const { terminal } = useSession();
  return (
    <a href={cycleLink(terminal.value, move.device, move.lockedAt)} title="The raw signals of this cycle">
      {clock(move.unlockedAt)}
    </a>
  );
}
