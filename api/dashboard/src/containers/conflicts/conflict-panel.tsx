/** Conflicts of all containers of the terminal: the open ones, or those of a span. */

import { useState } from "preact/hooks";
import { Empty } from "../../shared/notice/notice.tsx";
import { SpannedPanel } from "../../shared/span/spanned-panel.tsx";
import { type PageSpan, useSpanned } from "../../shared/span/use-span.ts";
import { conflictsOf } from "../requests.ts";
import { type ContainersRoute, containersRoute } from "../route.ts";
import { ConflictList } from "./conflict-list.tsx";

const REREAD_MS = 10_000;

export function ConflictPanel({ route, span }: { route: ContainersRoute; span: PageSpan }) {
  const { terminal } = route;
  const [resolved, setResolved] = useState(false);
  const shown = useSpanned(span, {
    read: async ({ fromMs, toMs }) => {
      const found = await conflictsOf(terminal, resolved);
      if (!found.ok || span.live) return found;
      return { ok: true, value: found.value.filter(({ time }) => time >= fromMs && time <= toMs) };
    },
    isEmpty: (conflicts) => conflicts.length === 0,
    everyMs: REREAD_MS,
    inputs: [terminal, resolved],
  });
  const tools = (
    <label class="check">
      <input type="checkbox" checked={resolved} onChange={(event) => setResolved(event.currentTarget.checked)} /> resolved ones
    </label>
  );
  return (
    <SpannedPanel
      id="conflicts-title"
      title="Conflicts"
      shown={shown}
      what="conflicts"
      tools={tools}
      picker
      empty={<Empty title={resolved ? "No resolved conflicts" : "No open conflicts"}>A container whose events contradict each other appears here, with both events.</Empty>}
    >
      {(conflicts) => (
        <ConflictList terminal={terminal} conflicts={conflicts} linkTo={(container) => containersRoute.link({ ...route, container })} changed={shown.reload} />
      )}
    </SpannedPanel>
  );
}
