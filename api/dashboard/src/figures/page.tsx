/** All KPIs of one subject with all their windows: terminal, crane, berth or vessel call. */

import { useEffect, useRef } from "preact/hooks";
import { byId } from "../shared/format/ids.ts";
import { kindsOf } from "../shared/kpis/subjects.ts";
import { useTerminalData } from "../shared/live/context.ts";
import { Empty, Loading } from "../shared/notice/notice.tsx";
import { figuresLink, type FiguresRoute } from "../shared/routing/links.ts";
import { FigureTable, useRows } from "./table.tsx";

export function FiguresPage({ route }: { route: FiguresRoute }) {
  const subject = route.subject ?? route.terminal;
  const data = useTerminalData();
  const ended = data.allWindows && data.kpisOf(subject).length === 0;
  const rows = useRows(ended ? null : kindsOf(subject, route.terminal, data));
  return (
    <>
      <SubjectChoice route={route} chosen={subject} />
      <section class="panel" aria-label="Figures">
        <div class="panel-head">
          <h2>{`Figures of ${subject}`}</h2>
          <span class="note">every value leads to what it is made of; ◐ provisional until people have stated the causes of delays</span>
        </div>
        <div class="notice-place">
          <Notice subject={subject} ended={ended} shown={rows.length > 0} />
        </div>
        <div class="scroll" tabIndex={0} role="region" aria-label="Figures">
          {rows.length === 0 ? null : <FigureTable rows={rows} terminal={route.terminal} subject={subject} />}
        </div>
      </section>
    </>
  );
}

function Notice({ subject, ended, shown }: { subject: string; ended: boolean; shown: boolean }) {
  if (shown) return null;
  return ended ? <Empty title={`No figures of ${subject}`}>They come with its first moves, and end when it is gone.</Empty> : <Loading what="figures" />;
}

/** Terminal, cranes, and whatever else has values: berths and calls. */
function SubjectChoice({ route, chosen }: { route: FiguresRoute; chosen: string }) {
  const found = new Set([...useTerminalData().kpis.values()].map((one) => one.subject));
  found.delete(route.terminal);
  const choice = useRef<HTMLElement>(null);
  const subjects = [route.terminal, ...[...found].sort(byId)];
  const offered = `${chosen}/${subjects.join(" ")}`;
  useEffect(() => {
    choice.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [offered]);
  return (
    <nav class="choice" aria-label="Whose figures" ref={choice}>
      {subjects.map((one) => (
        <a key={one} class="chip" href={figuresLink(route.terminal, one)} aria-current={one === chosen ? "page" : undefined}>
          {one}
        </a>
      ))}
    </nav>
  );
}
